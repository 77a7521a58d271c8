namespace NextItem.Tests.Kernels;

/// <summary>The vector widths, as theory data. All of them compute in every process, wide ones in software where the processor has none.</summary>
public static class Widths
{
    public static TheoryData<int> All => [16, 8, 4, 1];
}
