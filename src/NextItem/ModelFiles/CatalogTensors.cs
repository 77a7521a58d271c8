using System.Text;
using NextItem.Sessions;

namespace NextItem.ModelFiles;

/// <summary>An item catalog as tensors: all keys as one UTF-8 blob, where each starts, and the supports.</summary>
internal static class CatalogTensors
{
    private const string Keys = "item.keys";
    private const string KeyOffsets = "item.key_offsets";
    private const string Support = "item.support";

    public static void Add(TensorFileWriter file, ItemCatalog catalog)
    {
        var offsets = new long[catalog.Count + 1];
        for (var item = 0; item < catalog.Count; item++)
            offsets[item + 1] = offsets[item] + catalog.Keys.Utf8(item).Length;
        file.Add<byte>(Keys, TensorType.U8, catalog.Keys.Blob.ToArray());
        file.Add<long>(KeyOffsets, TensorType.I64, offsets);
        file.Add<int>(Support, TensorType.I32, catalog.Support.ToArray());
    }

    public static ItemCatalog Read(TensorFileReader file)
    {
        var blob = file.Read<byte>(file.Expect(Keys, TensorType.U8, -1));
        var offsets = file.Read<long>(file.Expect(KeyOffsets, TensorType.I64, -1));
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] != blob.Length)
            throw new ModelFileException($"Tensor '{KeyOffsets}' does not run from 0 to the {blob.Length:N0} bytes of '{Keys}'.");
        var support = file.Read<int>(file.Expect(Support, TensorType.I32, offsets.Length - 1));
        if (Array.Find(support, count => count < 0) is var negative and < 0)
            throw new ModelFileException($"Tensor '{Support}' has {negative}; expected counts.");

        var keys = new KeyTable();
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        for (var item = 0; item + 1 < offsets.Length; item++)
        {
            if (offsets[item + 1] < offsets[item] || offsets[item + 1] > blob.Length)
                throw new ModelFileException($"Tensor '{KeyOffsets}' falls from {offsets[item]} to {offsets[item + 1]} at item {item}; expected rising offsets.");
            string key;
            try
            {
                key = utf8.GetString(blob, (int)offsets[item], (int)(offsets[item + 1] - offsets[item]));
            }
            catch (DecoderFallbackException e)
            {
                throw new ModelFileException($"The key of item {item} is not valid UTF-8.", e);
            }

            if (keys.GetOrAdd(key) != item)
                throw new ModelFileException($"The item key '{key}' appears twice.");
        }

        return new ItemCatalog(keys, support);
    }
}
