using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NextItem.Tests.ModelFiles;

/// <summary>A model file or checkpoint taken apart, to be changed and put together again with a checksum that is right: what a stranger could send.</summary>
internal sealed class ForgedFile
{
    private static readonly string s_zeros = new('0', 64);

    /// <summary>Takes the file of a good model apart.</summary>
    public ForgedFile(string kind)
        : this(SmallModels.BytesOf(kind))
    {
    }

    /// <summary>Takes any file of the layout apart.</summary>
    public ForgedFile(byte[] bytes)
    {
        var file = new SafetensorsFile(bytes);
        foreach (var (key, value) in file.Metadata.Where(entry => entry.Key != "checksum"))
            Metadata[key] = value;
        foreach (var (name, tensor) in file.Tensors.OrderBy(tensor => tensor.Value.Start))
            Tensors.Add(new Part { Name = name, Type = tensor.Type, Shape = tensor.Shape, Bytes = bytes[tensor.Start..tensor.End] });
    }

    public Dictionary<string, string> Metadata { get; } = [];

    public List<Part> Tensors { get; } = [];

    /// <summary>The last change to the header's text, before the checksum is taken.</summary>
    public Func<string, string> Header { get; set; } = text => text;

    public Part this[string name] => Tensors.Single(tensor => tensor.Name == name);

    /// <summary>Replaces text of the header, which must be there.</summary>
    public void Replace(string text, string by)
    {
        var before = Header;
        Header = header =>
        {
            var changed = before(header);
            Assert.Contains(text, changed, StringComparison.Ordinal);
            return changed.Replace(text, by, StringComparison.Ordinal);
        };
    }

    public byte[] ToBytes()
    {
        var json = new StringBuilder($$"""{"__metadata__":{"checksum":"{{s_zeros}}" """);
        foreach (var (key, value) in Metadata)
            json.Append($",{JsonSerializer.Serialize(key)}:{JsonSerializer.Serialize(value)}");
        json.Append('}');
        long start = 0;
        foreach (var tensor in Tensors)
        {
            var end = start + tensor.Bytes.Length;
            json.Append($",{JsonSerializer.Serialize(tensor.Name)}:{{\"dtype\":\"{tensor.Type}\",\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{tensor.Start ?? start},{tensor.End ?? end}]}}");
            start = end;
        }

        var header = Encoding.UTF8.GetBytes(Header(json.Append('}').ToString()));
        var bytes = new byte[8 + header.Length + start];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        var at = 8 + header.Length;
        foreach (var tensor in Tensors)
        {
            tensor.Bytes.CopyTo(bytes, at);
            at += tensor.Bytes.Length;
        }

        return Signed(bytes, s_zeros);
    }

    /// <summary>Writes the right checksum where the file has <paramref name="checksum"/>; as it is where that is not in it.</summary>
    public static byte[] Signed(byte[] bytes, string checksum)
    {
        var place = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(checksum));
        if (place < 0)
            return bytes;
        Encoding.ASCII.GetBytes(s_zeros).CopyTo(bytes, place);
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes))).CopyTo(bytes, place);
        return bytes;
    }

    internal sealed class Part
    {
        public required string Name { get; set; }

        public required string Type { get; set; }

        public required long[] Shape { get; set; }

        public required byte[] Bytes { get; set; }

        /// <summary>The place that the header gives, where it is not the true one.</summary>
        public long? Start { get; set; }

        public long? End { get; set; }

        public Span<T> Values<T>()
            where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes.AsSpan());

        /// <summary>Puts other values in its place, shape and all.</summary>
        public void Become<T>(string type, params T[] values)
            where T : unmanaged
        {
            Type = type;
            Shape = [values.Length];
            Bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        }
    }
}
