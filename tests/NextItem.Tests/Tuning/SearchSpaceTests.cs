namespace NextItem.Tests.Tuning;

public class SearchSpaceTests
{
    public static TheoryData<string, SearchParameter, string> Ends => new()
    {
        { "steps", SearchFunctions.Real("p", 0.01, 0.25) with { Step = 0.005 }, "0.01 0.25" },
        { "steps that do not fit", SearchFunctions.Real("p", 0, 1) with { Step = 0.3 }, "0 0.9" },
        { "whole", new SearchParameter("p", SearchKind.Whole) { Low = -2, High = 3 }, "-2 3" },
        { "whole, steps", new SearchParameter("p", SearchKind.Whole) { Low = 64, High = 512, Step = 32 }, "64 512" },
        { "whole, logarithmic", new SearchParameter("p", SearchKind.Whole) { Low = 1, High = 1000, IsLogarithmic = true }, "1 1000" },
        { "real", SearchFunctions.Real("p", -1, 3), "-1 3" },
        { "real, logarithmic", SearchFunctions.Real("p", 1e-5, 10) with { IsLogarithmic = true }, "1E-05 10" },
        { "one value", SearchFunctions.Real("p", 2, 2), "2 2" },
        { "choice", new SearchParameter("p", SearchKind.Choice) { Values = ["x", "y", "z"] }, "x z" },
    };

    /// <param name="name">What is tried.</param>
    /// <param name="parameter">The hyperparameter.</param>
    /// <param name="ends">Its first and its last value.</param>
    [Theory, MemberData(nameof(Ends))]
    public void At_AnyPlace_IsAValueThatLiesThere(string name, SearchParameter parameter, string ends)
    {
        Assert.Empty(parameter.Faults());
        Assert.Equal(ends, $"{parameter.TextOf(parameter.At(0))} {parameter.TextOf(parameter.At(Math.BitDecrement(1.0)))}");
        for (var unit = 0.003; unit < 1; unit += 0.0071)
        {
            var value = parameter.At(unit);
            var (from, to) = parameter.CellOf(value);
            Assert.True(from - 1e-4 <= unit && unit <= to + 1e-4 || parameter.Low == parameter.High, $"{name}: {unit} becomes {value}, which lies from {from} to {to}");
            Assert.Equal(value, parameter.At(Math.Clamp(parameter.UnitOf(value), 0, Math.BitDecrement(1.0))), 1e-5 * Math.Abs(value));
        }
    }

    [Fact]
    public void TextOf_ANumberWithSteps_HasNoRoundingErrorInIt()
    {
        var parameter = SearchFunctions.Real("p", 0.01, 0.25) with { Step = 0.005 };
        Assert.Equal("0.01 0.015 0.02 0.025 0.03 0.035 0.04 0.045 0.05", string.Join(' ', Enumerable.Range(0, 9).Select(i => parameter.TextOf(parameter.ValueOf(i)))));
        Assert.Equal("0.123457", SearchFunctions.Real("p", 0, 1) is var real ? real.TextOf(real.At(0.12345678)) : "");
    }

    [Fact]
    public void Describe_WhatIsConditional_IsThereWhereItMatters()
    {
        var space = SearchFunctions.Of("mixed").Space;
        Assert.Equal("loss=a units=100 rate=0.05", Text([0, 100, 0.05, double.NaN]));
        Assert.Equal("loss=b units=100 rate=0.05 weight=1.5", Text([1, 100, 0.05, 1.5]));
        Assert.True(double.IsNaN(space.Point(_ => 0)[3]));
        Assert.False(double.IsNaN(space.Point(i => i == 0 ? 2 : 0)[3]));

        string Text(double[] point) => string.Join(' ', space.Describe([.. point]).Select(each => $"{each.Name}={each.Value}"));
    }

    [Fact]
    public void Validate_ManyFaults_ListsAll()
    {
        var space = SearchFunctions.Space(
            SearchFunctions.Real("a", 2, 1),
            SearchFunctions.Real("b", 0, 1) with { IsLogarithmic = true },
            new SearchParameter("c", SearchKind.Whole) { Low = 0.5, High = 3 },
            new SearchParameter("d", SearchKind.Choice),
            new SearchParameter("e", SearchKind.Choice) { Values = ["x", "x"] },
            SearchFunctions.Real("f", 1, 2) with { IsLogarithmic = true, Step = 0.1 },
            SearchFunctions.Real("f", double.NaN, 2),
            SearchFunctions.Real("g", 0, 1) with { Step = -1 },
            SearchFunctions.Real("h", 0, 1) with { When = new("nobody", ["x"]) },
            SearchFunctions.Real("i", 0, 1) with { When = new("c", ["1"]) },
            SearchFunctions.Real("j", 0, 1) with { When = new("e", ["z"]) },
            SearchFunctions.Real("k", 0, 1e300));
        var faults = Assert.Throws<OptionsException>(space.Validate).Faults;
        Assert.Equal(13, faults.Count);
        Assert.All("abcdefghijk", name => Assert.Contains(faults, fault => fault.StartsWith($"'{name}' ", StringComparison.Ordinal)));
        Assert.Contains("'f' is there twice; expected each hyperparameter once.", faults);
        Assert.Single(Assert.Throws<OptionsException>(new SearchSpace([]).Validate).Faults);
    }
}
