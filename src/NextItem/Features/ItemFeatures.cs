using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using NextItem.Diagnostics;
using NextItem.Features;

namespace NextItem;

/// <summary>
/// The features of items as numbers, in one or more blocks, together with what is needed to do the same to new items: the
/// vocabularies, means and deviations that fitting learned. Items may be without features. Immutable and safe to share between
/// threads; memory goes by the features that are not zero (with dense blocks: by all of theirs).
/// </summary>
/// <remarks>Inputs of p-RNN: Hidasi et al. 2016, "Parallel Recurrent Neural Network Architectures for Feature-rich Session-based Recommendations". docs/features.md.</remarks>
public sealed class ItemFeatures
{
    internal ItemFeatures(ItemCatalog items, ImmutableArray<FeatureBlock> blocks) => (Items, Blocks) = (items, blocks);

    /// <summary>The items, by whose indices the rows are ordered.</summary>
    public ItemCatalog Items { get; }

    /// <summary>The blocks, in the order of the options.</summary>
    public ImmutableArray<FeatureBlock> Blocks { get; }

    /// <summary>Learns vocabularies, means and deviations from the features of items and encodes these.</summary>
    /// <param name="table">The features, for the items that a model is trained on.</param>
    /// <param name="blocks">Which columns go into which block.</param>
    /// <exception cref="OptionsException">The options have faults, or a block would have no feature.</exception>
    /// <exception cref="ArgumentException">A column is not in the table, or holds something else.</exception>
    public static ItemFeatures Fit(FeatureTable table, IReadOnlyList<FeatureBlockOptions> blocks)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(blocks);
        FeatureBlockOptions.Validate(blocks);
        return new(table.Items, [.. blocks.Select(options => Encode(BlockEncoder.Fit(table, options), table))]);
    }

    /// <summary>Encodes the features of other items, new ones for instance, in the same way; learns nothing.</summary>
    /// <param name="table">Their features; words and categories that fitting did not see are passed over.</param>
    /// <exception cref="ArgumentException">A column is not in the table or holds something else, or a number is beyond all those of fitting.</exception>
    public ItemFeatures Encode(FeatureTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new(table.Items, [.. Blocks.Select(block => Encode(block.Encoder, table))]);
    }

    /// <summary>These features, and those of some items of others that were encoded in the same way behind them.</summary>
    internal ItemFeatures With(ItemFeatures others, ReadOnlySpan<int> items, ItemCatalog all)
    {
        var blocks = ImmutableArray.CreateBuilder<FeatureBlock>();
        for (var b = 0; b < Blocks.Length; b++)
        {
            bool[] present = [.. Blocks[b].Present, .. new bool[items.Length]];
            for (var i = 0; i < items.Length; i++)
                present[Items.Count + i] = others.Blocks[b].Present[items[i]];
            blocks.Add(new FeatureBlock(Blocks[b].Encoder, Blocks[b].Rows.With(others.Blocks[b].Rows, items), present));
        }

        return new ItemFeatures(all, blocks.ToImmutable());
    }

    /// <summary>Whether an item has a value in any column of any block.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no item of that index.</exception>
    public bool HasFeatures(int itemIndex)
    {
        Throw.IfOutside(itemIndex, Items.Count, "item");
        return Blocks.Any(block => block.HasFeatures(itemIndex));
    }

    /// <summary>SHA-256 of all features and what they are called, as 64 hexadecimal digits: equal for equal features of equal items.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var block in Blocks)
        {
            Append(hash, $"{block.Name}\n{block.Width}\n{string.Join('\n', block.Describe())}\n");
            for (var feature = 0; feature < block.Width; feature++)
                Append(hash, block.NameOf(feature) + "\n");
            hash.AppendData(MemoryMarshal.AsBytes(block.Present));
            if (block.Rows is SparseRows sparse)
            {
                hash.AppendData(MemoryMarshal.AsBytes(sparse.Offsets.AsSpan()));
                hash.AppendData(MemoryMarshal.AsBytes(sparse.Columns.AsSpan()));
                hash.AppendData(MemoryMarshal.AsBytes(sparse.Values.AsSpan()));
            }
            else
            {
                hash.AppendData(MemoryMarshal.AsBytes(((DenseRows)block.Rows).Values.AsSpan()));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));

    private static FeatureBlock Encode(BlockEncoder encoder, FeatureTable table)
    {
        var (rows, present) = encoder.Encode(table);
        return new FeatureBlock(encoder, rows, present);
    }
}
