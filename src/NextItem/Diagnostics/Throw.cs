using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NextItem.Diagnostics;

/// <summary>Every message of the engine for a caller's mistake, in one place: what was found and what was expected.</summary>
internal static class Throw
{
    public static void IfLengthDiffers(
        int length, int expected, string expectedIs, [CallerArgumentExpression(nameof(length))] string name = "")
    {
        if (length != expected)
            LengthMismatch(name, length, expected, expectedIs);
    }

    public static void IfOutside(int value, int count, string what, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if ((uint)value >= (uint)count)
            Outside(name, value, count, what);
    }

    [DoesNotReturn]
    private static void LengthMismatch(string name, int length, int expected, string expectedIs) =>
        throw new ArgumentException($"'{name}' is {length}; expected {expected}, {expectedIs}.");

    [DoesNotReturn]
    private static void Outside(string name, int value, int count, string what) =>
        throw new ArgumentOutOfRangeException(name, value, count == 0
            ? $"'{name}' is {value}, but there are no {what}s."
            : $"'{name}' is {value}; expected 0 to {count - 1}, there being {count} {what}s.");

    [DoesNotReturn]
    public static T Invalid<T>(string message, string? name = null) => throw new ArgumentException(message, name);
}
