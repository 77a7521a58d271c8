namespace NextItem.Evaluation.Slices;

/// <summary>A tally of ranks for each bucket of a slicing.</summary>
internal sealed class SliceRecorder(Slicing slicing, int largestCutoff, TieBreaking ties) : ICaseRecorder
{
    private readonly Tally[] _tallies = Array.ConvertAll(slicing.Labels, _ => new Tally(largestCutoff));

    public int ListLength => 0;

    /// <summary>The buckets with their tallies.</summary>
    public IEnumerable<(string Label, Tally Tally)> Buckets => slicing.Labels.Zip(_tallies);

    public void Record(in EvaluatedCase played) => _tallies[slicing.BucketOf(played)].Count(played.Rank, ties);

    public void Add(ICaseRecorder other)
    {
        for (var bucket = 0; bucket < _tallies.Length; bucket++)
            _tallies[bucket].Add(((SliceRecorder)other)._tallies[bucket]);
    }
}
