using System.Globalization;

namespace Kontor.Search.Tests.Relevance;

/// <summary>How good the answers are on real goods. Not a time: the same number on every machine.</summary>
public sealed class RelevanceTests
{
    /// <summary>A hundredth and a half below what it was when it was last looked at: a change that costs more is to be seen.</summary>
    const double Least = 0.80;

    [Fact]
    public void The_first_ten_answers_are_as_good_as_they_were()
    {
        var set = new JudgedSet();
        var index = set.Index();

        var each = set
            .Questions.Select(one => (one.Text, Ndcg: set.Ndcg(one.Number, set.Ask(index, one.Text))))
            .ToList();

        var mean = each.Average(one => one.Ndcg);
        TestContext.Current.SendDiagnosticMessage(
            string.Create(CultureInfo.InvariantCulture, $"NDCG@10 {mean:0.0000} over {each.Count} questions")
        );
        Assert.True(
            mean >= Least,
            $"NDCG@10 is {mean:0.0000}: "
                + string.Join(", ", each.OrderBy(one => one.Ndcg).Take(15).Select(one => $"{one.Text} {one.Ndcg:0.00}"))
        );
    }

    [Fact]
    public void Every_question_has_an_answer()
    {
        var set = new JudgedSet();
        var index = set.Index();

        Assert.Equal([], set.Questions.Where(one => !set.Ask(index, one.Text).Any()).Select(one => one.Text));
    }
}
