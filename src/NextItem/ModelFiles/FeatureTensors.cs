using System.Collections.Immutable;
using System.Text.Json;
using NextItem.Features;

namespace NextItem.ModelFiles;

/// <summary>
/// Item features as tensors: of each block the rows, compressed or dense, which items have features, and the vocabularies; what
/// else was learned stands in the metadata entry <c>features</c>. The catalog is stored by itself.
/// </summary>
internal static class FeatureTensors
{
    public const string Key = "features";

    public static void Add(TensorFileWriter file, ItemFeatures features)
    {
        var entry = new FeatureEntry([.. features.Blocks.Select(block => new FeatureBlockEntry(block.Name, block.Width, [.. block.Encoder.Parts.Select(PartTensors.EntryOf)]))]);
        file.AddMetadata(Key, JsonSerializer.Serialize(entry, ModelFileJson.Default.FeatureEntry));
        for (var b = 0; b < features.Blocks.Length; b++)
        {
            var block = features.Blocks[b];
            for (var part = 0; part < block.Encoder.Parts.Length; part++)
                PartTensors.Add(file, $"features.{b}.{part}", block.Encoder.Parts[part]);
            AddRows(file, $"features.{b}", block);
        }
    }

    /// <summary>Reads and checks them.</summary>
    /// <param name="file">The file.</param>
    /// <param name="catalog">The items that the features are of.</param>
    /// <exception cref="ModelFileException">They are not there, or cannot be what <see cref="Add"/> wrote.</exception>
    public static ItemFeatures Read(TensorFileReader file, ItemCatalog catalog)
    {
        var entry = ModelFileJson.Read(file, Key, new FeatureEntry([]), ModelFileJson.Default.FeatureEntry);
        if (entry.Blocks is [])
            throw new ModelFileException($"The file's {Key} have no block; expected at least one.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        var blocks = ImmutableArray.CreateBuilder<FeatureBlock>();
        for (var b = 0; b < entry.Blocks.Length; b++)
        {
            var block = entry.Blocks[b];
            if (string.IsNullOrWhiteSpace(block?.Name) || !names.Add(block.Name)) // an array's elements may be null whatever its type says
                throw new ModelFileException($"Block {b} of the file's {Key} has the name '{block?.Name}'; expected one of its own.");
            blocks.Add(ReadBlock(file, $"features.{b}", block, catalog.Count));
        }

        return new ItemFeatures(catalog, blocks.ToImmutable());
    }

    private static FeatureBlock ReadBlock(TensorFileReader file, string prefix, FeatureBlockEntry entry, int items)
    {
        var parts = ImmutableArray.CreateBuilder<PartEncoder>();
        for (var part = 0; part < entry.Parts.Length; part++)
            parts.Add(PartTensors.Read(file, $"{prefix}.{part}", entry.Parts[part]));
        BlockEncoder encoder;
        try
        {
            encoder = new BlockEncoder(entry.Name, parts.ToImmutable());
        }
        catch (OptionsException e)
        {
            throw new ModelFileException($"The file's {Key} cannot be used: {e.Message}", e);
        }

        // Compressed rows do not show how many columns there are.
        if (encoder.Width != entry.Width)
            throw new ModelFileException($"Block '{entry.Name}' of the file's {Key} has width {entry.Width:N0}; expected {encoder.Width:N0}, the features of its parts.");
        var present = file.Read<byte>(file.Expect($"{prefix}.present", TensorType.U8, items));
        if (Array.Find(present, flag => flag > 1) is var wrong and > 0)
            throw new ModelFileException($"Tensor '{prefix}.present' has {wrong}; expected 0 or 1.");
        FeatureRows rows = encoder.IsSparse ? ReadSparse(file, prefix, items, encoder.Width) : ReadDense(file, prefix, items, encoder.Width);
        for (var item = 0; item < items; item++)
        {
            if (present[item] == 0 && !rows.IsEmpty(item))
                throw new ModelFileException($"Item {item} has features in '{prefix}' but none according to '{prefix}.present'.");
        }

        return new FeatureBlock(encoder, rows, Array.ConvertAll(present, flag => flag == 1));
    }

    private static void AddRows(TensorFileWriter file, string prefix, FeatureBlock block)
    {
        var present = new byte[block.ItemCount];
        for (var item = 0; item < present.Length; item++)
            present[item] = (byte)(block.Present[item] ? 1 : 0);
        file.Add<byte>($"{prefix}.present", TensorType.U8, present);
        if (block.Rows is SparseRows sparse)
        {
            file.Add<int>($"{prefix}.offsets", TensorType.I32, sparse.Offsets);
            file.Add<int>($"{prefix}.columns", TensorType.I32, sparse.Columns);
            file.Add<float>($"{prefix}.values", TensorType.F32, sparse.Values);
        }
        else
        {
            var dense = (DenseRows)block.Rows;
            file.Add<float>($"{prefix}.rows", TensorType.F32, [dense.Count, dense.Width], dense.Values);
        }
    }

    private static SparseRows ReadSparse(TensorFileReader file, string prefix, int items, int width)
    {
        var (offsets, columns) = CompressedRows.Read(file, $"{prefix}.offsets", $"{prefix}.columns", items, width, entryIs: "feature");
        var values = file.Read<float>(file.Expect($"{prefix}.values", TensorType.F32, columns.Length));
        return Array.FindIndex(values, value => !float.IsFinite(value) || value == 0) is >= 0 and var wrong
            ? throw new ModelFileException($"Tensor '{prefix}.values' has {values[wrong]}; expected finite numbers other than 0.")
            : new SparseRows(width, offsets, columns, values);
    }

    private static DenseRows ReadDense(TensorFileReader file, string prefix, int items, int width)
    {
        var values = file.Read<float>(file.Expect($"{prefix}.rows", TensorType.F32, items, width));
        return Array.FindIndex(values, value => !float.IsFinite(value)) is >= 0 and var wrong
            ? throw new ModelFileException($"Tensor '{prefix}.rows' has {values[wrong]}; expected finite numbers.")
            : new DenseRows(width, items, values);
    }
}
