namespace NextItem.Evaluation;

/// <summary>Sums the diversity of lists by session: each session is played by one thread, in order, so that the sums have the same bits always.</summary>
/// <param name="cutoffs">Number of cutoffs.</param>
/// <param name="sessions">Number of test sessions.</param>
internal sealed class DiversitySums(int cutoffs, int sessions)
{
    private readonly double[] _sums = new double[cutoffs * sessions];
    private readonly int[] _lists = new int[cutoffs * sessions];

    /// <summary>Adds a list with at least one pair.</summary>
    public void Add(int cutoff, int session, double diversity)
    {
        _sums[(cutoff * sessions) + session] += diversity;
        _lists[(cutoff * sessions) + session]++;
    }

    /// <summary>The mean over all lists with a pair; 0 where there is none.</summary>
    public double MeanOf(int cutoff)
    {
        double sum = 0;
        foreach (var each in _sums.AsSpan(cutoff * sessions, sessions))
            sum += each;
        return ListsOf(cutoff) is > 0 and var lists ? sum / lists : 0;
    }

    /// <summary>Number of lists with a pair.</summary>
    public long ListsOf(int cutoff)
    {
        long lists = 0;
        foreach (var each in _lists.AsSpan(cutoff * sessions, sessions))
            lists += each;
        return lists;
    }
}

/// <summary>Takes the diversity of every list, place by place: the cosines of an item with all before it are one product with the sum of theirs.</summary>
/// <param name="directions">The items' features.</param>
/// <param name="cutoffs">The cutoffs K.</param>
/// <param name="sums">Shared by all threads.</param>
internal sealed class DiversityRecorder(FeatureDirections directions, int[] cutoffs, DiversitySums sums) : ICaseRecorder
{
    private readonly double[] _sum = new double[directions.Width]; // of the items so far; zeros between lists
    private long _places;
    private long _placesWithout;
    private int _lists;

    public int ListLength { get; } = Math.Min(cutoffs.Max(), directions.Count);

    /// <summary>What was counted on the way, of all threads after <see cref="Add"/>.</summary>
    public ListedFeatures Counted => new(_places, _placesWithout, (int)(_lists - sums.ListsOf(Array.IndexOf(cutoffs, cutoffs.Max()))));

    public void Record(in EvaluatedCase played)
    {
        var list = played.List[..Math.Min(ListLength, played.List.Length)];
        _lists++;
        _places += list.Length;
        double cosines = 0;
        var items = 0;
        for (var place = 1; place <= list.Length; place++)
        {
            var item = list[place - 1].ItemIndex;
            if (directions.Has(item))
            {
                cosines += directions.Along(item, _sum);
                directions.AddTo(item, _sum);
                items++;
            }

            for (var i = 0; i < cutoffs.Length; i++)
            {
                if (items >= 2 && place == Math.Min(cutoffs[i], list.Length))
                    sums.Add(i, played.Session, DiversityAtK.Of(cosines, items));
            }
        }

        _placesWithout += list.Length - items;
        foreach (var (item, _) in list)
            directions.Clear(item, _sum);
    }

    public void Add(ICaseRecorder other)
    {
        var theirs = (DiversityRecorder)other;
        _places += theirs._places;
        _placesWithout += theirs._placesWithout;
        _lists += theirs._lists;
    }
}
