using System.Runtime.CompilerServices;

namespace NextItem.Kernels;

/// <summary>What a stream of random numbers is for; each has its own counter space under one seed.</summary>
internal enum RandomStream : uint
{
    Initialisation = 1,
    NegativeSamples = 2,
    EmbeddingDropout = 3,
    HiddenDropout = 4,
    SessionShuffle = 5,
    BprEvents = 32,
    BprDraws = 33,
    ResampledSessions = 64,
    ResampledSigns = 65,
    SearchStart = 96,
    SearchPoints = 97,
    SearchForest = 98,
}

/// <summary>
/// Random numbers as a function of (seed, stream, sub-stream, step, index), with no state: threads, resuming and the order of
/// calls change nothing. Philox 4x32 with ten rounds.
/// </summary>
/// <remarks>Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; its known-answer vectors are in the tests.</remarks>
internal readonly partial struct CounterRandom(ulong seed)
{
    private readonly uint _key0 = (uint)seed;
    private readonly uint _key1 = (uint)(seed >> 32);

    /// <summary>Four random words.</summary>
    public readonly record struct Block(uint A, uint B, uint C, uint D);

    /// <summary>The block at a place of a stream.</summary>
    /// <param name="stream">What the numbers are for.</param>
    /// <param name="part">Sub-stream, for instance the layer: below 2^24.</param>
    /// <param name="step">The training step, or the row of a matrix: below 2^40.</param>
    /// <param name="index">The number's place within the step: below 2^32.</param>
    public Block At(RandomStream stream, int part, long step, uint index) =>
        Philox(index, (uint)step, (uint)(step >> 32), ((uint)stream << 24) | (uint)part, _key0, _key1);

    /// <summary>A uniform number in [0, 1) from a word, with 24 bits: exact in float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToUnit(uint word) => (word >> 8) * (1f / (1 << 24));

    /// <summary>A standard normal number from two words.</summary>
    /// <remarks>Box and Muller 1958; the first is taken from (0, 1], so that its logarithm is finite.</remarks>
    public static float ToNormal(uint a, uint b) =>
        (float)(Math.Sqrt(-2 * Math.Log(((a >> 8) + 1) * (1.0 / (1 << 24)))) * Math.Cos(2 * Math.PI * ToUnit(b)));

    /// <summary>The bijection itself: counter words c0..c3, key words k0, k1.</summary>
    internal static Block Philox(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (var round = 0; round < 10; round++)
        {
            var product0 = (ulong)Multiplier0 * c0;
            var product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
            c3 = (uint)product0;
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return new Block(c0, c1, c2, c3);
    }
}
