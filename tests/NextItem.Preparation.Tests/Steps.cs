namespace NextItem.Preparation.Tests;

/// <summary>Steps that small logs survive.</summary>
internal static class Steps
{
    /// <summary>Nothing is dropped; the test is the last day by the session's start.</summary>
    public static readonly PreparationSteps Lenient = new() { CollapseRepeats = false, MinItemSupport = 1, MinSessionLength = 1, Validation = false };
}
