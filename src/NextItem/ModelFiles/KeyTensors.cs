using System.Text;
using NextItem.Sessions;

namespace NextItem.ModelFiles;

/// <summary>A table of keys as two tensors: all keys as one UTF-8 blob, and where each starts.</summary>
internal static class KeyTensors
{
    public static void Add(TensorFileWriter file, string keysName, string offsetsName, KeyTable keys)
    {
        var offsets = new long[keys.Count + 1];
        for (var key = 0; key < keys.Count; key++)
            offsets[key + 1] = offsets[key] + keys.Utf8(key).Length;
        file.Add<byte>(keysName, TensorType.U8, keys.Blob.ToArray());
        file.Add<long>(offsetsName, TensorType.I64, offsets);
    }

    /// <summary>Reads and checks both.</summary>
    /// <param name="file">The file.</param>
    /// <param name="keysName">The tensor of the keys.</param>
    /// <param name="offsetsName">The tensor of the offsets.</param>
    /// <param name="keyOf">What a key belongs to: an item, a term.</param>
    /// <exception cref="ModelFileException">Offsets fall, or a key is no UTF-8 or there twice.</exception>
    public static KeyTable Read(TensorFileReader file, string keysName, string offsetsName, string keyOf)
    {
        var blob = file.Read<byte>(file.Expect(keysName, TensorType.U8, -1));
        var offsets = file.Read<long>(file.Expect(offsetsName, TensorType.I64, -1));
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] != blob.Length)
            throw new ModelFileException($"Tensor '{offsetsName}' does not run from 0 to the {blob.Length:N0} bytes of '{keysName}'.");

        var keys = new KeyTable();
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        for (var index = 0; index + 1 < offsets.Length; index++)
        {
            if (offsets[index + 1] < offsets[index] || offsets[index + 1] > blob.Length)
                throw new ModelFileException($"Tensor '{offsetsName}' falls from {offsets[index]} to {offsets[index + 1]} at {keyOf} {index}; expected rising offsets.");
            string key;
            try
            {
                key = utf8.GetString(blob, (int)offsets[index], (int)(offsets[index + 1] - offsets[index]));
            }
            catch (DecoderFallbackException e)
            {
                throw new ModelFileException($"The key of {keyOf} {index} is not valid UTF-8.", e);
            }

            if (keys.GetOrAdd(key) != index)
                throw new ModelFileException($"The {keyOf} key '{key}' appears twice.");
        }

        return keys;
    }
}
