using System.Runtime.Intrinsics;
using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public class PairProductsTests
{
    [Fact]
    public void Sum_AnyNumbers_EqualsTheDefinitionAtEveryWidth()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var a = Numbers(random);
            var b = Numbers(random);
            var expected = Enumerable.Range(0, 16).Select(i => unchecked((a[2 * i] * b[2 * i]) + (a[(2 * i) + 1] * b[(2 * i) + 1]))).ToArray();
            var widest = PairProducts.Sum(Vector512.Create(a), Vector512.Create(b));
            var wide = PairProducts.Sum(Vector256.Create(a), Vector256.Create(b));
            var narrow = PairProducts.Sum(Vector128.Create(a), Vector128.Create(b));
            for (var i = 0; i < 16; i++)
                Assert.Equal(expected[i], widest[i]);
            for (var i = 0; i < 8; i++)
                Assert.Equal(expected[i], wide[i]);
            for (var i = 0; i < 4; i++)
                Assert.Equal(expected[i], narrow[i]);
        }
    }

    /// <summary>The ends of the range often: a form that saturates shows.</summary>
    private static short[] Numbers(Random random) =>
        [.. Enumerable.Range(0, 32).Select(_ => random.Next(4) switch { 0 => short.MaxValue, 1 => (short)-short.MaxValue, _ => (short)random.Next(short.MinValue, short.MaxValue + 1) })];
}
