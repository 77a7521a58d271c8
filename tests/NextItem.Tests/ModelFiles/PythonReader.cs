using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using NextItem.Tests.Fixtures;

namespace NextItem.Tests.ModelFiles;

/// <summary>Runs docs/read_model.py; skips the test where there is no python3.</summary>
internal static class PythonReader
{
    /// <summary>The scores that the reader gives after a session.</summary>
    public static Dictionary<string, double> Scores(byte[] model, string[] session) => ScoresIn(Run(model, session));

    public static Dictionary<string, double> ScoresIn(JsonElement answer) =>
        answer.GetProperty("scores").EnumerateArray().ToDictionary(pair => pair[0].GetString()!, pair => pair[1].GetDouble());

    /// <summary>What the reader prints.</summary>
    public static JsonElement Run(byte[] model, string[] session, string script = "read_model.py")
    {
        var (exitCode, output, errors) = Result(model, session, script);
        Assert.True(exitCode == 0, $"python3 ended with {exitCode}: {errors}");
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    /// <summary>How the reader ends, and what it prints.</summary>
    public static (int ExitCode, string Output, string Errors) Result(byte[] model, string[] session, string script)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, model);
            var start = new ProcessStartInfo("python3", [Path.Combine(Repository.Root, "docs", script), path, .. session]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["PYTHONUTF8"] = "1";
            using var python = Start(start);
            var errors = python.StandardError.ReadToEndAsync();
            var output = python.StandardOutput.ReadToEnd();
            python.WaitForExit();
            return (python.ExitCode, output, errors.Result);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"python3 cannot be started here, so the reader in Python is not compared: {e.Message}");
            throw;
        }
    }
}
