using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public unsafe class MemoryTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(15), InlineData(1000)]
    public void AlignedBuffer_New_IsAlignedAndZero(long length)
    {
        using var buffer = new AlignedBuffer(length);
        Assert.Equal(length, buffer.Length);
        Assert.Equal(0, (long)buffer.Data % 64);
        Assert.All(buffer.Span(0, (int)length).ToArray(), value => Assert.Equal(0f, value));
    }

    [Fact]
    public void AlignedBuffer_Clear_SetsEverythingToZero()
    {
        using var buffer = new AlignedBuffer(100);
        buffer.Span(0, 100).Fill(3);
        buffer.Clear();
        Assert.All(buffer.Span(0, 100).ToArray(), value => Assert.Equal(0f, value));
    }

    [Theory, InlineData(-1, 1), InlineData(0, -1), InlineData(9, 2), InlineData(11, 0)]
    public void AlignedBuffer_SpanOutside_Throws(long start, int length)
    {
        using var buffer = new AlignedBuffer(10);
        Assert.Contains("10 of the buffer", Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Span(start, length)).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(5000), InlineData(3_000_000)]
    public void AlignedBuffer_Shrunk_KeepsItsBeginning(long length)
    {
        using var buffer = new AlignedBuffer(3_000_000);
        buffer.Span(0, (int)buffer.Length).Fill(3);
        var data = (nint)buffer.Data;
        buffer.Shrink(length);
        Assert.Equal((length, data), (buffer.Length, (nint)buffer.Data));
        Assert.DoesNotContain(buffer.Span(0, (int)length).ToArray(), value => value != 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Shrink(length + 1));
    }

    [Fact]
    public void AlignedBuffer_Shrunk_GivesItsPagesBack()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pages are given back on Linux.");
        const int MegaBytes = 400;
        using var buffer = new AlignedBuffer(MegaBytes * 1_000_000L / sizeof(float));
        var full = Environment.WorkingSet;
        buffer.Shrink(1000);
        var given = (full - Environment.WorkingSet) / 1e6;
        Assert.True(given > MegaBytes / 2, $"{given:F0} MB of {MegaBytes} were given back");
    }

    [Fact]
    public void AlignedBuffer_NegativeLength_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer(-1));

    [Fact]
    public void AlignedBuffer_DisposedTwice_IsFreedOnce()
    {
        var buffer = new AlignedBuffer(10);
        buffer.Dispose();
        buffer.Dispose();
        Assert.True(buffer.Data == null);
    }

    [Fact]
    public void Matrix_Views_AddressTheSameMemory()
    {
        using var arena = new Arena();
        var matrix = arena.Allocate(6, 20);
        Assert.Equal(32, matrix.Stride);
        matrix.Row(3)[17] = 5;
        Assert.Equal(5, matrix.Slice(2, 3).Block(16, 4).Row(1)[1]);
        Assert.Equal(5, matrix.Top(4).Row(3)[17]);
        Assert.Equal((6, 20, 4, 3), (matrix.Rows, matrix.Columns, matrix.Top(4).Rows, matrix.Slice(2, 3).Rows));
    }

    [Fact]
    public void Matrix_AddAndClear_IncludeThePadding()
    {
        using var arena = new Arena();
        var a = arena.Allocate(2, 3);
        var b = arena.Allocate(2, 3);
        for (var i = 0; i < 16; i++)
            (a.Row(1)[i], b.Row(1)[i]) = (i, 2 * i);
        a.Add(b);
        for (var i = 0; i < 16; i++)
            Assert.Equal(3f * i, a.Row(1)[i]);
        a.Clear();
        for (var i = 0; i < 16; i++)
            Assert.Equal(0f, a.Row(1)[i]);
    }

    [Theory, InlineData(0, 0), InlineData(1, 16), InlineData(16, 16), InlineData(17, 32)]
    public void Padded_AnyLength_IsTheNextMultipleOf16(int length, int padded) => Assert.Equal(padded, SimdWidth.Padded(length));
}
