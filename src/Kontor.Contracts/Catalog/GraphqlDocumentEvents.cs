using Kontor.Kernel;

namespace Kontor.Contracts.Catalog;

/// <summary>A GraphQL document was registered: clients may ask for it by its id.</summary>
/// <param name="Id">The SHA-256 of its text in hexadecimal.</param>
/// <param name="Operations">The names of its operations, without those that have none.</param>
[EventName("graphql-document.registered.v1")]
public sealed record GraphqlDocumentRegistered(string Id, IReadOnlyList<string> Operations);

/// <summary>A GraphQL document is registered no more.</summary>
[EventName("graphql-document.removed.v1")]
public sealed record GraphqlDocumentRemoved(string Id);
