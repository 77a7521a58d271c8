using Microsoft.ML.OnnxRuntime;

namespace NextItem.Interchange.Tests;

/// <summary>An exported graph in ONNX Runtime.</summary>
internal sealed class OnnxRun : IDisposable
{
    private readonly RunOptions _run = new();

    public OnnxRun(TrainedModel model, OnnxGraph graph, OnnxOptions? options = null)
    {
        using var stream = new MemoryStream();
        OnnxFile.Write(stream, model, graph, options);
        Bytes = stream.ToArray();
        using var settings = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        Session = new InferenceSession(Bytes, settings);
    }

    public byte[] Bytes { get; }

    public InferenceSession Session { get; }

    public Dictionary<string, string> Metadata => Session.ModelMetadata.CustomMetadataMap;

    /// <summary>Sessions side by side, padded in front.</summary>
    public (long[][] Items, float[][] Scores, bool[] Popular) Best(int[][] sessions, long? k = null, bool? excludeSeen = null)
    {
        var length = sessions.Max(session => session.Length);
        var padded = sessions.SelectMany(session => Enumerable.Repeat(-1L, length - session.Length).Concat(session.Select(item => (long)item))).ToArray();
        var inputs = new Dictionary<string, OrtValue> { ["sessions"] = OrtValue.CreateTensorValueFromMemory(padded, [sessions.Length, length]) };
        if (k is { } count)
            inputs["k"] = OrtValue.CreateTensorValueFromMemory(new[] { count }, [1]);
        if (excludeSeen is { } exclude)
            inputs["exclude_seen"] = OrtValue.CreateTensorValueFromMemory(new[] { exclude }, []);
        using var outputs = Session.Run(_run, inputs, ["items", "scores", "popular"]);
        return (Rows<long>(outputs[0]), Rows<float>(outputs[1]), outputs[2].GetTensorDataAsSpan<bool>().ToArray());
    }

    /// <summary>One event of each session.</summary>
    public (float[][] Scores, float[] NextState, float[][] Query) Step(long[] items, float[] state)
    {
        var inputs = new Dictionary<string, OrtValue>
        {
            ["items"] = OrtValue.CreateTensorValueFromMemory(items, [items.Length]),
            ["state"] = OrtValue.CreateTensorValueFromMemory(state, [items.Length, state.Length / items.Length]),
        };
        using var outputs = Session.Run(_run, inputs, ["scores", "next_state", "query"]);
        return (Rows<float>(outputs[0]), outputs[1].GetTensorDataAsSpan<float>().ToArray(), Rows<float>(outputs[2]));
    }

    public int StateLength => (int)Session.InputMetadata["state"].Dimensions[1];

    public void Dispose()
    {
        Session.Dispose();
        _run.Dispose();
    }

    private static T[][] Rows<T>(OrtValue value)
        where T : unmanaged
    {
        var all = value.GetTensorDataAsSpan<T>().ToArray();
        var rows = (int)value.GetTensorTypeAndShape().Shape[0];
        return [.. Enumerable.Range(0, rows).Select(row => all[(row * all.Length / rows)..((row + 1) * all.Length / rows)])];
    }
}
