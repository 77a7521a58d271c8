using System.Collections.Immutable;

namespace NextItem.Data.Features;

/// <summary>Which columns share a block, and what blocks are called.</summary>
internal static class BlockNames
{
    /// <summary>One block a kind, in the order of the kinds, called after it.</summary>
    public static ImmutableArray<FeatureBlockOptions> OneAKind(FeatureSource source, IEnumerable<FeatureColumnReport> columns) =>
    [
        .. columns.GroupBy(column => column.Kind!.Value).OrderBy(group => group.Key).Select(group => new FeatureBlockOptions
        {
            Name = group.Key.ToString().ToLowerInvariant(),
            Columns = [.. group.Select(column => new FeatureColumnOptions(column.Name, group.Key) { Separator = column.Separator })],
            LongestTerm = source.LongestTerm,
            LeastTermCount = source.LeastTermCount,
            NormaliseVectors = source.NormaliseVectors,
        }),
    ];

    /// <summary>The blocks of all sources: those of one <see cref="FeatureSource.Block"/> joined, names made different (text, text-2).</summary>
    public static ImmutableArray<FeatureBlockOptions> Of(IReadOnlyList<FeatureSource> sources, ImmutableArray<FeatureBlockOptions>[] blocks)
    {
        var all = new List<FeatureBlockOptions>();
        var joined = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var s = 0; s < sources.Count; s++)
        {
            if (sources[s].Block is not { } name)
            {
                all.AddRange(blocks[s]);
                continue;
            }

            foreach (var block in blocks[s])
            {
                if (joined.TryAdd(name, all.Count))
                    all.Add(block with { Name = name });
                else
                    all[joined[name]] = all[joined[name]] with { Columns = [.. all[joined[name]].Columns, .. block.Columns.Except(all[joined[name]].Columns)] };
            }
        }

        var taken = joined.Keys.ToHashSet(StringComparer.Ordinal);
        for (var b = 0; b < all.Count; b++)
        {
            if (joined.TryGetValue(all[b].Name, out var at) && at == b)
                continue;
            var name = all[b].Name;
            for (var number = 2; !taken.Add(name); number++)
                name = $"{all[b].Name}-{number}";
            all[b] = all[b] with { Name = name };
        }

        return [.. all];
    }
}
