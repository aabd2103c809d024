using GraphQL.Types;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.Media;

sealed class MediaGraph : ObjectGraphType<MediaView>
{
    public MediaGraph()
    {
        Name = "Picture";
        Description = "A picture, in sizes.";
        Field<NonNullGraphType<StringGraphType>>("key").Description("Its owner's name for it.");
        Field<NonNullGraphType<IntGraphType>>("width").Description("Of what was uploaded, upright, in pixels.");
        Field<NonNullGraphType<IntGraphType>>("height");
        Field<StringGraphType>("alt").Description("What it shows, for those who do not see it.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<MediaFileGraph>>>>("files")
            .Description("The sizes that there are, the smallest first; WebP.")
            .CountedAs(5);
        Field<NonNullGraphType<LongGraphType>>("version").Description("Counts its changes from 1.");
    }
}

sealed class MediaFileGraph : ObjectGraphType<MediaFile>
{
    public MediaFileGraph()
    {
        Name = "PictureFile";
        Description = "A picture in one size.";
        Field<NonNullGraphType<IntGraphType>>("width").Description("In pixels.");
        Field<NonNullGraphType<StringGraphType>>("url").Description("Where it is; what is there never changes.");
    }
}

sealed class MediaPageGraph() : ConnectionGraph<MediaView, MediaGraph>("PictureConnection", "A page of pictures.");
