using System.Buffers.Binary;

namespace NextItem.Tests.ModelFiles;

/// <summary>What a bad disk or a broken transfer does to a file.</summary>
public class ModelFileDamageTests
{
    [Fact]
    public void Load_EmptyFile_IsRefused() => Assert.Equal("Not a model file: the file is empty (0 bytes).", Refusal.Of([]));

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Load_AnyShorterLength_IsRefused(string kind)
    {
        var bytes = SmallModels.BytesOf(kind);
        for (var length = 0; length < bytes.Length; length++)
        {
            var message = Refusal.Of(bytes[..length]);
            Assert.Contains(length < 8 ? "Not a model file" : "truncated", message, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Load_OneBitFlipped_IsRefused(string kind)
    {
        var bytes = SmallModels.BytesOf(kind);
        var header = new SafetensorsFile(bytes).DataStart;
        var random = new Random(5);
        for (var trial = 0; trial < 400; trial++)
        {
            // Half of them in the header, which is a small part of a large file.
            var place = random.Next(trial % 2 == 0 ? header : bytes.Length);
            var bit = (byte)(1 << random.Next(8));
            bytes[place] ^= bit;
            Refusal.Of(bytes);
            bytes[place] ^= bit;
        }
    }

    [Fact]
    public void Load_AnyBitOfTheSmallestFileFlipped_IsRefused()
    {
        var bytes = SmallModels.BytesOf(SmallModels.Popularity);
        for (var place = 0; place < bytes.Length; place++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                bytes[place] ^= (byte)(1 << bit);
                Refusal.Of(bytes);
                bytes[place] ^= (byte)(1 << bit);
            }
        }
    }

    [Fact]
    public void Load_OneBitOfATensorFlipped_SaysThatTheFileIsDamaged()
    {
        var bytes = SmallModels.BytesOf(SmallModels.ResetBefore);
        bytes[new SafetensorsFile(bytes).Tensors["gru.0.input_weights"].Start + 3] ^= 1;
        Assert.Contains("The model file is damaged: its checksum is", Refusal.Of(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void Load_BytesAppended_IsRefused(int count)
    {
        byte[] bytes = [.. SmallModels.BytesOf(SmallModels.Markov), .. new byte[count]];
        Assert.Contains($"has {count:N0} bytes after its last tensor", Refusal.Of(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(long.MinValue, "does not begin with the length")]
    [InlineData(-1, "does not begin with the length")]
    [InlineData(0, "does not begin with the length")]
    [InlineData(1, "does not begin with the length")]
    [InlineData(100_000_001, "does not begin with the length")]
    [InlineData(long.MaxValue, "does not begin with the length")]
    [InlineData(100_000_000, "truncated: its header has 100,000,000 bytes")]
    public void Load_HeaderOfImpossibleLength_IsRefusedWithoutAllocatingIt(long headerLength, string expected)
    {
        var bytes = SmallModels.BytesOf(SmallModels.Markov);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, headerLength);
        Assert.Contains(expected, Refusal.Of(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RandomBytes_AreRefused()
    {
        var random = new Random(6);
        for (var trial = 0; trial < 2000; trial++)
        {
            var bytes = new byte[random.Next(3000)];
            random.NextBytes(bytes);
            if (trial % 2 == 0 && bytes.Length > 10) // a length that can be, so that the JSON reader sees the rest
                BinaryPrimitives.WriteInt64LittleEndian(bytes, random.Next(2, bytes.Length - 7));
            Assert.Contains("Not a model file", Refusal.Of(bytes), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_FileThatShrinksMeanwhile_IsRefused()
    {
        using var stream = new ShrinkingStream(SmallModels.BytesOf(SmallModels.Markov));
        var refusal = Assert.Throws<ModelFileException>(() => ModelFile.Load(stream));
        Assert.Contains("became shorter while it was read", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Loses its last half as soon as its end was read: after the checksum was found right.</summary>
    private sealed class ShrinkingStream : MemoryStream
    {
        public ShrinkingStream(byte[] bytes)
        {
            Write(bytes);
            Position = 0;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = base.Read(buffer, offset, count);
            if (read == 0 && count > 0)
                SetLength(Length / 2);
            return read;
        }
    }
}
