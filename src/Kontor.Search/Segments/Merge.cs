namespace Kontor.Search.Segments;

/// <summary>Makes one segment of several, without the products that are no more. No text is looked at again.</summary>
static class Merge
{
    /// <param name="views">At most <see cref="Posting.MostProducts"/> products together.</param>
    /// <remarks>The caller is the writer: nothing changes in place meanwhile.</remarks>
    public static Segment Of(IReadOnlyList<SegmentView> views)
    {
        var places = Places(views);
        var (rows, sorts, moving) = (new RowsWriter(), new SortTextsWriter(), new MovingWriter());
        rows.Reserve(views);
        moving.Reserve(views);
        foreach (var view in views)
        {
            rows.AddFields(view.Segment.Rows);
            for (var product = 0; product < view.Segment.Count; product++)
                if (view.Has(product))
                {
                    rows.Add(view.Segment.Rows, product);
                    sorts.Add(SortsOf(view.Segment, product));
                    moving.Add(view.Segment.Moving.RecordOf(product, view.Segment.Rows.VariantsOf(product)));
                }
        }
        return new(rows.Write(), TermsOf(views, places), sorts.Write(), moving.Write());
    }

    /// <summary>For each segment, where each of its products goes; -1 where it is no more.</summary>
    static int[][] Places(IReadOnlyList<SegmentView> views)
    {
        var next = 0;
        return
        [
            .. views.Select(view =>
            {
                var places = new int[view.Segment.Count];
                for (var product = 0; product < places.Length; product++)
                    places[product] = view.Has(product) ? next++ : -1;
                return places;
            }),
        ];
    }

    static IEnumerable<(int Field, string Text)> SortsOf(Segment segment, int product) =>
        segment
            .Sorts.Where(sort => sort.Value.Ranks[product] != SortTexts.None)
            .Select(sort => (sort.Key, sort.Value.Of(product)!)); // It has one: its rank says so.

    /// <summary>The terms of all in one order: of the terms that are first in their segments the least is next.</summary>
    static Terms TermsOf(IReadOnlyList<SegmentView> views, int[][] places)
    {
        var writer = new TermsWriter();
        writer.Reserve(views);
        var heads = new int[views.Count];
        while (true)
        {
            ReadOnlySpan<byte> least = default;
            for (var i = 0; i < heads.Length; i++)
                if (heads[i] < views[i].Segment.Terms.Count)
                {
                    var key = views[i].Segment.Terms.KeyOf(heads[i]);
                    if (least.IsEmpty || key.SequenceCompareTo(least) < 0)
                        least = key;
                }
            if (least.IsEmpty)
                return writer.Write();
            for (var i = 0; i < heads.Length; i++)
                if (
                    heads[i] < views[i].Segment.Terms.Count
                    && views[i].Segment.Terms.KeyOf(heads[i]).SequenceEqual(least)
                )
                    Copy(writer, views[i].Segment.Terms, heads[i]++, places[i]);
            writer.End(least);
        }
    }

    static void Copy(TermsWriter writer, Terms from, int term, int[] places)
    {
        var reader = new PlacesReader(from, term);
        foreach (var posting in from.PostingsOf(term))
        {
            var begun = reader.At;
            if (!reader.IsEmpty)
                reader.Skip();
            if (places[Posting.Product(posting)] is var product and >= 0)
            {
                writer.Posting(Posting.Of(product, Posting.Impact(posting)));
                writer.PlacesAsTheyAre(from.Places.AsSpan(begun..reader.At));
            }
        }
    }
}
