using System.Security.Cryptography;
using System.Text;
using GraphQL;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.Extensions.Configuration;

namespace Kontor.Platform.Graph;

/// <summary>Where documents lie that staff have registered, by the hash of their text.</summary>
/// <param name="Read">The text under a hash of 64 hexadecimal digits; null where there is none.</param>
public sealed record TrustedDocuments(Func<string, CancellationToken, Task<string?>> Read);

/// <summary>Which document a request means: parsed, measured, and remembered as long as it is asked for.</summary>
/// <remarks>Three books, so that none crowds out another: documents sent as text, those that clients named by their hash
/// (automatic persisted queries), and those that staff registered.</remarks>
public sealed class GraphDocuments
{
    /// <summary>How long what was registered is believed without being asked for again: another process that removes a
    /// document is heeded after that time.</summary>
    public static readonly TimeSpan Believed = TimeSpan.FromSeconds(30);

    const string OnlyPersisted = "Graph:OnlyPersisted";
    const int MiB = 1 << 20;

    /// <summary>The parser counts its own calls, several for each bracket; <see cref="DocumentBounds"/> counts brackets.</summary>
    static readonly ParserOptions Parsing = new()
    {
        Ignore = IgnoreOptions.Comments,
        MaxDepth = 8 * DocumentBounds.MaxNesting,
    };

    readonly DocumentBook free = new(16 * MiB);
    readonly DocumentBook automatic = new(16 * MiB);
    readonly DocumentBook registered = new(32 * MiB);
    readonly Lazy<FieldCosts> costs;
    readonly ISchema schema;
    readonly TimeProvider clock;
    readonly TrustedDocuments? trusted;
    readonly bool isOnlyPersisted;

    public GraphDocuments(
        ISchema schema,
        IConfiguration configuration,
        TimeProvider clock,
        IEnumerable<TrustedDocuments> trusted
    )
    {
        (this.schema, this.clock, this.trusted) = (schema, clock, trusted.SingleOrDefault());
        costs = new(() => FieldCosts.Of(schema));
        var setting = configuration[OnlyPersisted];
        if (!bool.TryParse(setting ?? "false", out isOnlyPersisted))
            throw new MisconfiguredException($"{OnlyPersisted} is true or false, not '{setting}'.");
    }

    internal async ValueTask<Result<KnownDocument>> Of(GraphRequest asked, CancellationToken stop)
    {
        if (asked.DocumentId is { } id)
            return await Registered(id, GraphRefusals.DocumentNotFound, stop);
        if (isOnlyPersisted)
            return asked is { Query: null, Hash: { } known }
                ? await Registered(known, GraphRefusals.PersistedQueryNotFound, stop)
                : GraphRefusals.OnlyPersisted;
        return asked.Hash is { } hash ? Automatic(hash, asked.Query) : Free(asked.Query!);
    }

    /// <summary>The names of the operations of a document that can be registered; else what stands in the way of executing it,
    /// whatever its variables are.</summary>
    public async Task<Result<IReadOnlyList<string>>> Judge(string text, CancellationToken stop)
    {
        if (!Parse(text).Is(out var known, out var refused))
            return refused;
        var operations = known.Document.Definitions.OfType<GraphQLOperationDefinition>().ToList();
        if (operations.Count == 0)
            return GraphRefusals.DocumentUnfit.Because("It has no operation.");
        foreach (var operation in operations)
        {
            var judged = await new DocumentValidator().ValidateAsync(
                new ValidationOptions
                {
                    Schema = schema,
                    Document = known.Document,
                    Operation = operation,
                    Variables = Inputs.Empty,
                    CancellationToken = stop,
                }
            );
            // Which values variables have is for each request to say.
            if (judged.Errors.FirstOrDefault(fault => fault is not InvalidVariableError) is { } fault)
                return GraphRefusals.DocumentUnfit.Because(fault.Message);
        }
        return operations.Select(operation => operation.Name?.StringValue).OfType<string>().ToList();
    }

    /// <summary>What a document is registered under: the hash of its text.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    Result<KnownDocument> Free(string text)
    {
        if (free.Find(text) is { } entry)
            return entry.Document;
        if (!Parse(text).Is(out var known, out var refused))
            return refused;
        free.Keep(text, known);
        return known;
    }

    /// <summary>Under its hash from the first time that a client sends both.</summary>
    Result<KnownDocument> Automatic(string hash, string? text)
    {
        if (automatic.Find(hash) is { } entry && (text is null || text == entry.Document.Text))
            return entry.Document;
        if (text is null)
            return GraphRefusals.PersistedQueryNotFound;
        if (!DocumentBounds.Holds(text))
            return GraphRefusals.DocumentTooLarge;
        if (HashOf(text) != hash)
            return Refusals.BadRequest.Because(
                "sha256Hash is not the SHA-256 of the query, in lower-case hexadecimal."
            );
        if (!Parse(text).Is(out var known, out var refused))
            return refused;
        automatic.Keep(hash, known);
        return known;
    }

    async ValueTask<Result<KnownDocument>> Registered(string id, Rejection none, CancellationToken stop)
    {
        if (trusted is null)
            return none;
        var held = registered.Find(id);
        if (held is not null && clock.GetElapsedTime(held.SeenAt) < Believed)
            return held.Document;
        string? text;
        try
        {
            text = await trusted.Read(id, stop);
        }
        catch (Exception fault) when (held is not null && Faults.Judge(fault).Status == 503)
        {
            return held.Document; // What was registered a while ago is better than nothing.
        }
        if (text is null)
        {
            registered.Forget(id);
            return none;
        }
        if (held?.Document is not { } known && !Parse(text).Is(out known, out var refused))
            return refused;
        registered.Keep(id, known, clock.GetTimestamp());
        return known;
    }

    Result<KnownDocument> Parse(string text)
    {
        if (!DocumentBounds.Holds(text))
            return GraphRefusals.DocumentTooLarge;
        try
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var document = Parser.Parse(text, Parsing);
            var weight = GC.GetAllocatedBytesForCurrentThread() - before + (2 * text.Length);
            return DocumentLimits.Check(document, costs.Value).Is(out var cost, out var refused)
                ? new KnownDocument(text, document, cost, weight)
                : refused;
        }
        catch (GraphQLSyntaxErrorException wrong)
        {
            return GraphRefusals.SyntaxError.Because($"Line {wrong.Location.Line}, column {wrong.Location.Column}.");
        }
        catch (GraphQLMaxDepthExceededException)
        {
            return GraphRefusals.DocumentTooLarge;
        }
    }
}
