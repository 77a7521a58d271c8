using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using NextItem.Interchange.Graphs;
using Onnx;

namespace NextItem.Interchange;

/// <summary>
/// Writes a trained network as an ONNX file, for programs without NextItem: the same scores, up to the order of additions, by any runtime
/// of operator set 17. The item keys stand in the file's metadata. docs/export.md describes inputs and outputs.
/// </summary>
public static class OnnxFile
{
    /// <summary>Version of what the files' inputs, outputs and metadata are called.</summary>
    public static int FormatVersion => 1;

    /// <summary>The format's limit, less what is needed around the weights.</summary>
    internal const long MostBytes = int.MaxValue - (1 << 20);

    private const int IrVersion = 8;
    private const int OperatorSet = 17;

    private static readonly JsonSerializerOptions s_keys = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a model can be written: GRU4Rec and p-RNN can.</summary>
    public static bool CanWrite(ISessionModel model) => model is Gru4RecModel or PrnnModel;

    /// <summary>Writes a model.</summary>
    /// <param name="stream">Receives the file; need not be seekable.</param>
    /// <param name="model">The model.</param>
    /// <param name="graph">What the file is to compute.</param>
    /// <param name="options">Defaults of the graph of sessions; null for the usual ones.</param>
    /// <exception cref="NotSupportedException">The model is no network, or its weights do not fit into a file of this format, 2 GB.</exception>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static void Write(Stream stream, TrainedModel model, OnnxGraph graph, OnnxOptions? options = null) =>
        Write(stream, model, graph, options, MostBytes);

    internal static void Write(Stream stream, TrainedModel model, OnnxGraph graph, OnnxOptions? options, long mostBytes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(model);
        options ??= new OnnxOptions();
        options.Validate();
        var network = Networks.Of(model.Model)
            ?? throw new NotSupportedException($"A model of algorithm '{model.Model.Algorithm}' is no network and has no ONNX graph; expected {Networks.Expected}.");
        var catalog = model.Model.Catalog;
        var keys = JsonSerializer.Serialize(Enumerable.Range(0, catalog.Count).Select(catalog.KeyOf), s_keys);
        var bytes = network.Bytes + ((long)sizeof(float) * catalog.Count) + System.Text.Encoding.UTF8.GetByteCount(keys);
        if (bytes > mostBytes)
            throw new NotSupportedException($"The model's weights and item keys take {bytes:N0} bytes; expected at most {mostBytes:N0}, for an ONNX file ends at 2 GB. Fewer units or items take less; item vectors alone can be exported as .npy at any size.");

        var file = new ModelProto
        {
            IrVersion = IrVersion,
            OpsetImport = { new OperatorSetIdProto { Version = OperatorSet } },
            ProducerName = "NextItem",
            ProducerVersion = VersionOfThis(),
            DocString = "NextItem: recommends the next item of a session.",
            Graph = graph switch
            {
                OnnxGraph.Step => StepGraph.Of(network),
                OnnxGraph.Sessions => SessionsGraph.Of(network, catalog.Support, options.Top, options.ExcludeSeen),
                _ => throw new ArgumentOutOfRangeException(nameof(graph), graph, "Expected Step or Sessions."),
            },
        };
        foreach (var (name, value) in Metadata(model, network, file.Graph.Name, keys))
            file.MetadataProps.Add(new StringStringEntryProto { Key = name, Value = value });
        file.WriteTo(stream);
        GC.KeepAlive(model);
    }

    private static IEnumerable<(string Name, string Value)> Metadata(TrainedModel model, Network network, string graph, string keys)
    {
        yield return ("format", "nextitem-onnx");
        yield return ("format_version", FormatVersion.ToString(CultureInfo.InvariantCulture));
        yield return ("nextitem_version", VersionOfThis());
        yield return ("graph", graph);
        yield return ("algorithm", model.Model.Algorithm);
        yield return ("items", network.Items.ToString(CultureInfo.InvariantCulture));
        yield return ("states", JsonSerializer.Serialize(network.Cells.ToDictionary(cell => cell.Name, cell => cell.Units)));
        yield return ("cosine_scale", network.CosineScale.ToString("R", CultureInfo.InvariantCulture));
        yield return ("data_fingerprint", model.Provenance.DataFingerprint);
        yield return ("trained_until", model.Provenance.TrainedUntil.ToString("R", CultureInfo.InvariantCulture));
        yield return ("item_keys", keys);
    }

    private static string VersionOfThis() => typeof(OnnxFile).Assembly.GetName().Version!.ToString(3);
}
