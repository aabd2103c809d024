using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.ProductTypes.Migration;

namespace Kontor.Catalog.Tests.ProductTypes;

/// <summary>What cannot be decided in time is neither right nor wrong.</summary>
public sealed class PatternTests
{
    static readonly AttributeDefinition Plain = new("a", AttributeKind.Text);
    static readonly AttributeDefinition Matched = Plain with { Pattern = "^x" };

    [Fact]
    public void A_match_without_time_is_undecided_and_never_wrong()
    {
        var faults = Timeless();

        Assert.Null(AttributeValues.Read(Matched, ValueForms.Json("\"x\""), "attributes.a", faults));

        var refusal = faults.As(Kontor.Catalog.Rejections.ProductInvalid);
        Assert.Equal("ATTRIBUTE_UNDECIDED", refusal.Code);
        Assert.Equal(["attributes.a"], refusal.Errors!.Keys);
    }

    [Theory]
    [InlineData(OnError.Refuse)]
    [InlineData(OnError.Drop)]
    [InlineData(OnError.Default)]
    public void A_value_that_could_not_be_decided_is_neither_dropped_nor_replaced(OnError onError)
    {
        var step = new MigrationStep(
            StepKind.Retype,
            "a",
            Conversion: Conversion.Keep,
            OnError: onError,
            Value: onError == OnError.Default ? ValueForms.Json("\"xx\"") : null
        );
        var faults = Timeless();

        Assert.Null(MigrationPlan.Convert(new(Matched, Plain, step, null), ValueForms.Json("\"x\""), "a", faults));

        Assert.True(faults.IsUndecided);
    }

    [Fact]
    public void A_verdict_calls_no_product_a_violation_that_it_could_not_decide()
    {
        var look = new Look(new(Matched, Plain, null, null), new MatchTime(TimeSpan.Zero));

        look.At(new(ValueForms.Json("\"y\""), 1, ["p"]));

        Assert.Empty(look.Broken);
        Assert.Equal("ATTRIBUTE_UNDECIDED", look.Undecided?.Code);
    }

    [Theory]
    [InlineData("^[A-Z0-9]{3}-[0-9]{1,10}$")]
    [InlineData("^[a-z]{1,40}$")]
    [InlineData("^(a+)+$")]
    [InlineData("^.{1,200}$")]
    [InlineData("^[^@]{1,64}@[^@]{1,255}$")]
    public void Patterns_of_few_states_are_taken(string pattern) => Assert.Null(Patterns.FaultOf(pattern));

    [Theory]
    [InlineData(@"^(\w+\s?){500}$")]
    [InlineData("(a{20,}b+cdefg){450,}")]
    [InlineData("((a{19}b){19}c){22}")]
    [InlineData("(((a{1000}){1000}){1000}){1000}")]
    public void Patterns_of_many_states_are_not(string pattern) => Assert.Contains("states", Patterns.FaultOf(pattern));

    static Faults Timeless() => new() { Time = new MatchTime(TimeSpan.Zero) };
}
