using System.Buffers.Binary;

namespace NextItem.Preparation.Inputs;

/// <summary>Walks over the blocks of a Zstandard file without decompressing them, to see whether it is all there.</summary>
/// <remarks>RFC 8878, section 3.1.</remarks>
internal static class ZstandardFrames
{
    private const uint Magic = 0xFD2FB528;
    private const uint SkippableMagic = 0x184D2A50; // to 0x184D2A5F
    private const int BlockHeaderLength = 3;
    private const int ChecksumLength = 4;

    /// <summary>Whether the stream is one or more whole frames and nothing else.</summary>
    public static bool AreComplete(Stream stream)
    {
        var length = stream.Length;
        do
        {
            if (!SkipFrame(stream, length))
                return false;
        }
        while (stream.Position < length);
        return true;
    }

    private static bool SkipFrame(Stream stream, long length)
    {
        if (!Read(stream, 4, out var magic))
            return false;
        if ((magic & 0xFFFFFFF0) == SkippableMagic)
            return Read(stream, 4, out var size) && Skip(stream, (long)size, length);
        if (magic != Magic || !Read(stream, 1, out var descriptor) || !Skip(stream, HeaderRest((int)descriptor), length))
            return false;
        ulong block;
        do
        {
            if (!Read(stream, BlockHeaderLength, out block))
                return false;
            var type = (block >> 1) & 3; // 0 raw, 1 one byte repeated, 2 compressed
            if (type == 3 || !Skip(stream, type == 1 ? 1 : (long)(block >> 3), length))
                return false;
        }
        while ((block & 1) == 0);
        return (descriptor & 4) == 0 || Skip(stream, ChecksumLength, length);
    }

    // The window (unless the frame is a single segment), the dictionary's id and the content's size, by the descriptor's bits.
    private static int HeaderRest(int descriptor)
    {
        var isSingleSegment = (descriptor & 0x20) != 0;
        int[] dictionaryId = [0, 1, 2, 4];
        int[] contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8];
        return (isSingleSegment ? 0 : 1) + dictionaryId[descriptor & 3] + contentSize[descriptor >> 6];
    }

    private static bool Read(Stream stream, int count, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        var isWhole = stream.ReadAtLeast(bytes[..count], count, throwOnEndOfStream: false) == count;
        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return isWhole;
    }

    private static bool Skip(Stream stream, long count, long length)
    {
        if (stream.Position + count > length)
            return false;
        stream.Position += count;
        return true;
    }
}
