namespace NextItem.Training;

/// <summary>What a loss comes to per lane while all scores are 0: the measure of a loss that has climbed instead of fallen.</summary>
internal static class UntrainedLoss
{
    /// <summary>The expected loss of a mini-batch with all its lanes; every final activation leaves 0 as it is.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="support">[I] training events of each item.</param>
    /// <remarks>The derivation pages' formulas at r = 0, where sigma is 1/2; label smoothing and masking are left aside.</remarks>
    public static double Of(Gru4RecOptions options, ReadOnlySpan<int> support) => options.Loss switch
    {
        Loss.CrossEntropy => OfCrossEntropy(options, support),
        Loss.BprMax or Loss.Bpr => Math.Log(2),
        Loss.BprSum => (options.BatchSize + options.NegativeSampleCount) * Math.Log(2),
        Loss.SigmoidCrossEntropy => 2 * Math.Log(2),
        _ => 1,
    };

    /// <summary>
    /// Mean over the events of log(1 + negatives / w_t), negatives the expected sum of the other columns' weights under logQ:
    /// the loss of a rare target is small and that of a popular one large. Where a lane's best negatives alone count, it is less
    /// than this, which stays its measure: which are the best is not known from the options.
    /// </summary>
    private static double OfCrossEntropy(Gru4RecOptions options, ReadOnlySpan<int> support)
    {
        double events = 0, inBatch = 0, chances = 0, drawn = 0;
        foreach (var count in support)
        {
            var chance = Math.Pow(count, options.SampleAlpha);
            events += count;
            inBatch += Math.Pow(count, 1 - options.LogQ);
            chances += chance;
            drawn += Math.Pow(count, options.SampleAlpha * (1 - options.LogQ));
        }

        var negatives = ((options.BatchSize - 1) * inBatch / events) + (options.NegativeSampleCount * drawn / chances);
        double loss = 0;
        foreach (var count in support)
            loss += count * Math.Log(1 + (negatives * Math.Pow(count, options.LogQ)));
        return loss / events;
    }
}
