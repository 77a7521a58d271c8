using NextItem.Batches;

namespace NextItem.Tests.Batches;

public sealed class NegativeStreamTests
{
    private static readonly int[] s_support = [.. Enumerable.Range(1, 64)];

    private readonly NegativeSampler _sampler = new(s_support, 0.5f, 7);

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public void Take_DrawnAheadInAnyNumberOfParts_IsWhatTheSamplerDraws(int parts)
    {
        const int Count = 301;
        var stream = new NegativeStream(_sampler, Count);
        for (var step = 4L; step < 8; step++)
        {
            Assert.Equal(Of(step, Count), stream.Take(step).ToArray());
            Assert.Equal(Of(step, Count), stream.Take(step).ToArray());
            for (var part = parts - 1; part >= 0; part--)
                stream.DrawAhead(part, parts);
            stream.Complete();
        }
    }

    [Fact]
    public void Take_AnotherStepThanTheOneDrawnAhead_IsThatStep()
    {
        var stream = new NegativeStream(_sampler, 10);
        stream.Take(4);
        stream.DrawAhead(0, 1);
        stream.Complete();
        Assert.Equal(Of(6, 10), stream.Take(6).ToArray()); // a mini-batch was passed over
        Assert.Equal(Of(2, 10), stream.Take(2).ToArray()); // and a checkpoint gone back to
    }

    [Fact]
    public void Take_DrawnAheadInPart_DrawsIt()
    {
        var stream = new NegativeStream(_sampler, 10);
        stream.Take(4);
        stream.DrawAhead(0, 2); // and the other part failed
        Assert.Equal(Of(5, 10), stream.Take(5).ToArray());
    }

    private int[] Of(long step, int count)
    {
        var negatives = new int[count];
        _sampler.Draw(step, negatives);
        return negatives;
    }
}
