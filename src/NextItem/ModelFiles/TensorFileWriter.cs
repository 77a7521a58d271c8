using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NextItem.ModelFiles;

/// <summary>
/// Writes the safetensors layout: length of the header, JSON header, tensors without holes. Tensors start at multiples of
/// 64 bytes; what that leaves between them is filled by U8 tensors called <c>padding.N</c>, since the layout allows no holes.
/// </summary>
internal sealed class TensorFileWriter
{
    /// <summary>Tensors start at multiples of this, in the file and so in a mapped view of it.</summary>
    public const int Alignment = 64;

    /// <summary>Metadata key of the checksum: SHA-256 of the file with 64 zeros in its place.</summary>
    public const string ChecksumKey = "checksum";

    private readonly List<(TensorEntry Entry, Action<Stream> Write)> _tensors = [];
    private readonly Dictionary<string, string> _metadata = [];
    private long _length;

    /// <summary>Adds a metadata entry.</summary>
    public void AddMetadata(string key, string value) => _metadata.Add(key, value);

    /// <summary>Adds a tensor whose bytes <paramref name="write"/> writes, twice: once for the checksum.</summary>
    public void Add(string name, TensorType type, long[] shape, Action<Stream> write)
    {
        var gap = (Alignment - (_length % Alignment)) % Alignment;
        if (gap > 0)
            Append($"padding.{_tensors.Count}", TensorType.U8, [gap], stream => stream.Write(new byte[gap]));
        Append(name, type, shape, write);
    }

    /// <summary>Adds a tensor of plain values in one dimension.</summary>
    public void Add<T>(string name, TensorType type, ReadOnlyMemory<T> values)
        where T : unmanaged => Add(name, type, [values.Length], values);

    /// <summary>Adds a tensor of plain values.</summary>
    public void Add<T>(string name, TensorType type, long[] shape, ReadOnlyMemory<T> values)
        where T : unmanaged =>
        Add(name, type, shape, stream =>
        {
            // In pieces: a span of bytes ends at 2^31.
            for (var rest = values; !rest.IsEmpty;)
            {
                var count = Math.Min(rest.Length, 1 << 20);
                stream.Write(MemoryMarshal.AsBytes(rest.Span[..count]));
                rest = rest[count..];
            }
        });

    /// <summary>Writes the file.</summary>
    public void WriteTo(Stream stream)
    {
        var zeros = new string('0', 64);
        var header = Header(zeros);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var hashing = new HashingStream(hash))
            WriteAll(hashing, header);
        var checksum = Convert.ToHexStringLower(hash.GetHashAndReset());
        var place = header.AsSpan().IndexOf(Encoding.UTF8.GetBytes(zeros));
        Encoding.UTF8.GetBytes(checksum, header.AsSpan(place));
        WriteAll(stream, header);
    }

    private void Append(string name, TensorType type, long[] shape, Action<Stream> write)
    {
        var end = _length + TensorEntry.BytesOf(type, shape);
        _tensors.Add((new TensorEntry(name, type, shape, _length, end), write));
        _length = end;
    }

    private void WriteAll(Stream stream, byte[] header)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, write) in _tensors)
            write(stream);
    }

    private byte[] Header(string checksum)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString(ChecksumKey, checksum); // first, so that the place of its zeros is beyond doubt
            foreach (var (key, value) in _metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
            foreach (var (entry, _) in _tensors)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.Type.ToString());
                json.WriteStartArray("shape");
                foreach (var size in entry.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(entry.Start);
                json.WriteNumberValue(entry.End);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var used = buffer.WrittenCount;
        var padded = ((sizeof(long) + used + Alignment - 1) / Alignment * Alignment) - sizeof(long);
        var header = new byte[padded];
        buffer.WrittenSpan.CopyTo(header);
        header.AsSpan(used).Fill((byte)' ');
        return header;
    }

    private sealed class HashingStream(IncrementalHash hash) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => hash.AppendData(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => hash.AppendData(buffer);
    }
}
