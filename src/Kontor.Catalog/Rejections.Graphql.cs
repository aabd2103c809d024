using Kontor.Catalog.GraphqlDocuments;
using Kontor.Kernel;

namespace Kontor.Catalog;

/// <content>Of registered GraphQL documents.</content>
public static partial class Rejections
{
    public static readonly Rejection GraphqlDocumentNotFound = new(
        "GRAPHQL_DOCUMENT_NOT_FOUND",
        404,
        "There is no GraphQL document registered under this id."
    );
    public static readonly Rejection GraphqlDocumentsFull = new(
        "GRAPHQL_DOCUMENTS_FULL",
        409,
        $"At most {RegisterDocument.MaxDocuments} GraphQL documents are registered; remove those that no client sends any more."
    );
}
