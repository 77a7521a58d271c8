using System.Globalization;
using System.Text;

namespace NextItem.Reports.Tests;

public class TrainingHistoryCsvTests
{
    private const string Header = "epoch,loss,seconds,mini_batches,events,mini_batches_per_second,events_per_second";

    [Fact]
    public void WriteCsv_TwoEpochsWithoutValidation_HasTheseBytes() =>
        Assert.Equal($"{Header}\n1,7.25,0.5,20,640,40,1280\n2,6.5,0.5,20,640,40,1280\n", Text(Epochs.Of(7.25, 6.5)));

    [Fact]
    public void WriteCsv_TwoEpochsWithValidation_HasAColumnAMetric()
    {
        var epochs = Epochs.Of(7.25, 6.5);

        var text = Text(epochs[0].With("recall@5=0.25", "recall@20=0.5", "mrr@20=0.125"), epochs[1].With("recall@5=0.375", "recall@20=0.625", "mrr@20=0.1875"));

        Assert.Equal(
            $"{Header},recall@5,recall@20,mrr@20\n1,7.25,0.5,20,640,40,1280,0.25,0.5,0.125\n2,6.5,0.5,20,640,40,1280,0.375,0.625,0.1875\n", text);
    }

    [Fact]
    public void WriteCsv_EpochsWithDifferentMetrics_LeavesTheMissingCellsEmpty()
    {
        var epochs = Epochs.Of(3, 2, 1);

        var text = Text(epochs[0], epochs[1].With("mrr@10=0.25"), epochs[2].With("recall@10=0.5", "mrr@10=0.375"));

        Assert.Equal(
            $"{Header},mrr@10,recall@10\n1,3,0.5,20,640,40,1280,,\n2,2,0.5,20,640,40,1280,0.25,\n3,1,0.5,20,640,40,1280,0.375,0.5\n", text);
    }

    [Fact]
    public void WriteCsv_NumbersWithManyDigits_AreReadBackAsTheSame()
    {
        var epoch = new EpochSummary(3, 1d / 3, 1_234_567, 98_765_432_101, 1, 1e-7, null).With($"mrr@20={(2d / 7).ToString(CultureInfo.InvariantCulture)}");

        var row = Text(epoch).Split('\n')[1].Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture));

        Assert.Equal([3, 1d / 3, 1e-7, 1_234_567, 98_765_432_101, epoch.MiniBatchesPerSecond, epoch.EventsPerSecond, 2d / 7], row);
    }

    [Fact]
    public void WriteCsv_WithoutAClock_LeavesSecondsAndSpeedsEmpty() =>
        Assert.Equal($"{Header},mrr@20\n1,7.25,,20,640,,,0.125\n", Text(Epochs.Of(7.25)[0].With("mrr@20=0.125") with { Seconds = 0 }));

    [Fact]
    public void WriteCsv_NoEpoch_WritesTheHeader() => Assert.Equal($"{Header}\n", Text());

    private static string Text(params EpochSummary[] epochs) => Encoding.Latin1.GetString(Epochs.Csv(epochs)); // a byte order mark would show
}
