using System.Globalization;

namespace NextItem.ModelFiles;

/// <summary>How many of the most popular items have a score, as a metadata entry.</summary>
internal static class ListLengthEntry
{
    private const string Key = "list_length";

    public static void Add(TensorFileWriter file, int length) => file.AddMetadata(Key, length.ToString(CultureInfo.InvariantCulture));

    public static int Read(TensorFileReader file, ItemCatalog catalog)
    {
        var text = file.Metadata(Key);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > catalog.Count)
            throw new ModelFileException($"The model file's '{Key}' is '{text}'; expected a number up to its {catalog.Count} items.");
        return length;
    }
}
