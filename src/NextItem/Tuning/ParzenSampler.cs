using System.Collections.Immutable;
using NextItem.Kernels;

namespace NextItem.Tuning;

/// <summary>
/// Says which setting to try next. The first ones are spread evenly; then the seen ones are parted into the best and the others, and of
/// settings drawn from the density of the best the one is taken that is least like the others: a tree-structured Parzen estimator.
/// </summary>
/// <remarks>Bergstra et al., NIPS 2011; settings under way count as others, so that those of a round differ.</remarks>
internal sealed class ParzenSampler(SearchSpace space, int startTrials, ulong seed)
{
    /// <summary>Of the seen settings those are the best, at most <see cref="MostBest"/> and none that failed.</summary>
    private const double ShareOfBest = 0.15;
    private const int MostBest = 25;
    private const int Candidates = 32;

    /// <summary>Draws that may find nothing new before all settings of a small space are gone through.</summary>
    private const int Attempts = 200;
    private const double SmallSize = 100_000;

    private readonly HaltonSequence _start = new(space.Parameters.Length, seed);

    /// <summary>The next setting; null where every setting of the space has been tried.</summary>
    /// <param name="number">The trial's number, from 0.</param>
    /// <param name="ranked">Settings with a result, from the best to the worst; those that failed at the end.</param>
    /// <param name="sound">How many of them did not fail.</param>
    /// <param name="underWay">Settings without one yet.</param>
    public ImmutableArray<double>? Next(int number, IReadOnlyList<ImmutableArray<double>> ranked, int sound, IReadOnlyList<ImmutableArray<double>> underWay)
    {
        var tried = ranked.Concat(underWay).ToHashSet(s_samePoint);
        var random = new SearchRandom(seed, RandomStream.SearchPoints, number);
        if (number < startTrials || ranked.Count < 2)
        {
            var even = space.Point(i => space.Parameters[i].At(_start.At(number, i)));
            return tried.Contains(even) ? Other(tried, random) : even;
        }

        // Where most trials fail, a share of all is more than succeeded: the search would draw around failures. Of none the density is even.
        var best = Math.Min(Math.Min(MostBest, sound), (int)Math.Ceiling(ShareOfBest * ranked.Count));
        var good = new ParzenDensity(space, [.. ranked.Take(best)]);
        var bad = new ParzenDensity(space, [.. ranked.Skip(best), .. underWay]);
        return Enumerable.Range(0, Candidates).Select(_ => good.Draw(random)).Where(point => !tried.Contains(point)).ToArray() is [_, ..] drawn
            ? drawn.MaxBy(point => good.LogAt(point) - bad.LogAt(point))
            : Other(tried, random);
    }

    /// <summary>A setting that was not tried, by chance, or the first of a small space.</summary>
    private ImmutableArray<double>? Other(HashSet<ImmutableArray<double>> tried, SearchRandom random)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var point = space.Point(i => space.Parameters[i].At(random.Unit()));
            if (!tried.Contains(point))
                return point;
        }

        return space.Size > SmallSize ? null : space.All().Where(point => !tried.Contains(point)).Select(point => (ImmutableArray<double>?)point).FirstOrDefault();
    }

    private static readonly EqualityComparer<ImmutableArray<double>> s_samePoint = EqualityComparer<ImmutableArray<double>>.Create(
        (a, b) => a.AsSpan().SequenceEqual(b.AsSpan()),
        point => point.Aggregate(17, HashCode.Combine));
}
