using NextItem.Models.Baselines;

namespace NextItem.Tests.Models.Baselines;

public class ScoreOrderTests
{
    [Fact]
    public void Significant_SumsThatAreEqualOnPaper_AreEqual()
    {
        Assert.NotEqual(0.3, 0.1 + 0.2);
        Assert.Equal(ScoreOrder.Significant(0.3), ScoreOrder.Significant(0.1 + 0.2));
        Assert.NotEqual(ScoreOrder.Significant(1), ScoreOrder.Significant(1 + 1e-11));
        Assert.Equal(1, ScoreOrder.Significant(1));
    }

    [Fact]
    public void Behind_ScoresThatAFloatCannotTell_FallAllTheSame()
    {
        double[] scores = [2, 1 - 1e-12, 1 - 2e-12, 1 - 2e-12, 0.5];
        var (before, floatBefore) = (double.PositiveInfinity, float.PositiveInfinity);
        var floats = new float[scores.Length];
        for (var i = 0; i < scores.Length; i++)
            (floats[i], floatBefore, before) = (ScoreOrder.Behind(scores[i], before, floatBefore), ScoreOrder.Behind(scores[i], before, floatBefore), scores[i]);
        Assert.Equal([2, 1, MathF.BitDecrement(1), MathF.BitDecrement(1), 0.5f], floats);
    }
}
