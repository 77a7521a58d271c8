using System.Runtime.InteropServices;

namespace NextItem.Reports;

/// <summary>
/// The native library that draws. It is loaded by the first drawing, so everything else works where there is none for the
/// platform; then the message says that, and not which type could not be initialised.
/// </summary>
internal static class DrawingLibrary
{
    /// <summary>Draws, or tells that this machine cannot.</summary>
    public static void Run(Action draw)
    {
        try
        {
            draw();
        }
        catch (Exception e) when (Cause(e) is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new PlatformNotSupportedException(
                $"Plots cannot be drawn here: the drawing library does not load on {RuntimeInformation.RuntimeIdentifier}. Tables (.csv) can be written all the same.", e);
        }
    }

    private static Exception Cause(Exception e) => e is TypeInitializationException { InnerException: { } inner } ? Cause(inner) : e;
}
