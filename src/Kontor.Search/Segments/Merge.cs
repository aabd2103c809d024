namespace Kontor.Search.Segments;

/// <summary>Makes one segment of several, without the products that are no more. No text is looked at again.</summary>
static class Merge
{
    /// <param name="views">At most <see cref="Posting.MostProducts"/> products together.</param>
    /// <remarks>The caller is the writer: nothing changes in place meanwhile.</remarks>
    public static Segment Of(IReadOnlyList<SegmentView> views)
    {
        var places = Places(views);
        var (rows, sorts) = (new RowsWriter(), new SortTextsWriter());
        foreach (var view in views)
            for (var product = 0; product < view.Segment.Count; product++)
                if (view.Has(product))
                {
                    rows.Add(view.Segment.Rows, product);
                    sorts.Add(SortsOf(view.Segment, product));
                }
        var written = rows.Write();
        return new(written, TermsOf(views, places), sorts.Write(), Move(views, written));
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

    static Moving Move(IReadOnlyList<SegmentView> views, Rows written)
    {
        var moving = new Moving(written.Count, written.Ids.Length);
        var to = 0;
        foreach (var view in views)
        {
            var (rows, from) = (view.Segment.Rows, view.Segment.Moving);
            for (var product = 0; product < rows.Count; product++)
            {
                if (!view.Has(product))
                    continue;
                for (var row = rows.Products[product]; row < rows.Products[product + 1]; row++, to++)
                {
                    moving.Set(to, from.AvailabilityOf(row));
                    for (var book = 0; book < from.BookCount; book++)
                        moving.Set(book, to, from.PriceOf(book, row));
                }
            }
        }
        return moving;
    }

    /// <summary>The terms of all in one order: of the terms that are first in their segments the least is next.</summary>
    static Terms TermsOf(IReadOnlyList<SegmentView> views, int[][] places)
    {
        var writer = new TermsWriter();
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
