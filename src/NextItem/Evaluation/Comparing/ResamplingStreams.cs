using NextItem.Kernels;

namespace NextItem.Evaluation.Comparing;

/// <summary>The random numbers of resampling: streams of their own, beyond those of training, so that no seed makes the two alike.</summary>
internal static class ResamplingStreams
{
    public const RandomStream Sessions = (RandomStream)64;
    public const RandomStream Signs = (RandomStream)65;
}
