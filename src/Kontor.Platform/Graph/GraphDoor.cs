using GraphQL;
using GraphQL.Execution;
using GraphQL.Resolvers;
using GraphQL.Types;
using GraphQL.Utilities;
using GraphQLParser.AST;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Platform.Graph;

/// <summary>The one schema, made of the fields of all services that run here.</summary>
sealed class GraphSchema : Schema
{
    public GraphSchema(IServiceProvider services, IEnumerable<GraphFields> fields)
        : base(services)
    {
        var query = new ObjectGraphType { Name = "Query" };
        foreach (var service in fields)
            service.AddTo(query);
        Query = query;
        // What the usual clients ask for when they read the schema, and GraphQL.NET still calls an experiment.
        Features.RepeatableDirectives = true;
        Features.DeprecationOfInputValues = true;
        RegisterVisitor(new NewerIntrospection());
    }
}

/// <summary>Adds what the specification has since October 2021 and GraphQL.NET has not: without it, introspection as the
/// usual clients ask for it is refused as a whole.</summary>
sealed class NewerIntrospection : BaseSchemaNodeVisitor
{
    public override void VisitObject(IObjectGraphType type, ISchema schema)
    {
        if (type.Name == "__Type")
            type.AddField(
                new()
                {
                    Name = "specifiedByURL",
                    ResolvedType = schema.AllTypes["String"],
                    Resolver = new FuncFieldResolver<string?>(_ => null),
                }
            );
        if (type.Name == "__Directive" && type.Fields.Find("args") is { } args)
            args.Arguments = new QueryArguments(
                new QueryArgument(schema.AllTypes["Boolean"]!) { Name = "includeDeprecated", DefaultValue = false }
            );
    }
}

/// <summary>GraphQL at /graphql, for reads.</summary>
public static class GraphDoor
{
    public const string Path = "/graphql";

    /// <summary>Adds a service's fields; each service calls it for itself.</summary>
    public static IServiceCollection AddGraph(this IServiceCollection services, Action<ObjectGraphType> fields)
    {
        services.AddSingleton(new GraphFields(fields));
        if (services.Any(service => service.ServiceType == typeof(GraphHttp)))
            return services;
        services.AddSingleton<GraphDocuments>();
        services.AddSingleton<GraphHttp>();
        services.AddScoped<GraphBatches>();
        services.AddGraphQL(graph =>
            graph
                .AddSelfActivatingSchema<GraphSchema>()
                .AddSystemTextJson()
                .AddErrorInfoProvider(new GraphErrors())
                // One field after the other: a request holds one database connection, however many fields it asks for.
                .AddExecutionStrategy<SerialExecutionStrategy>(OperationType.Query)
        );
        return services;
    }

    /// <summary>Adds fields to the type of another noun.</summary>
    public static IServiceCollection AddFieldsOf<T>(
        this IServiceCollection services,
        Action<ObjectGraphType<T>> fields
    ) => services.AddSingleton(new FieldsOf<T>(fields));

    /// <summary>Maps the endpoint where a service that runs here has fields.</summary>
    public static void MapGraph(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<GraphHttp>() is { } door)
            routes
                .MapMethods(Path, ["GET", "POST"], door.Answer)
                .WithMetadata(new RouteClass("read"))
                .OpenToAll("Its fields are public reads; those that need a scope ask for it themselves.")
                .ExcludeFromDescription();
    }

    /// <summary>The schema in its definition language, sorted, as <c>contracts/schema.graphql</c> holds it.</summary>
    public static string PrintGraphSchema(this IServiceProvider services)
    {
        var schema = services.GetRequiredService<ISchema>();
        schema.Initialize();
        return schema.Print(new() { StringComparison = StringComparison.Ordinal }).ReplaceLineEndings("\n");
    }
}
