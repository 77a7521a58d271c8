using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NextItem.Interchange.Arrays;

namespace NextItem.Interchange;

/// <summary>
/// Writes what items are scored by as a matrix in NumPy's format, for vector databases: an item's score is the product of its row with
/// the query of a session (<see cref="OnnxGraph.Step"/> gives it), so that the nearest by inner product are the best items.
/// </summary>
/// <remarks>docs/export.md. Where items have biases the row ends with its item's, and the query with 1; cosine models have rows of length 1 without.</remarks>
public static class ItemVectorsFile
{
    /// <summary>Whether a model can be written: one that scores items by vectors can.</summary>
    public static bool CanWrite(ISessionModel model) => model is Gru4RecModel or PrnnModel or BprMfModel;

    /// <summary>Length Q of a row: V + 1, and V for models whose scores are cosines.</summary>
    /// <exception cref="NotSupportedException">The model scores items by something else.</exception>
    public static int LengthOf(ISessionModel model) => CanWrite(model)
        ? ((IItemVectors)model).VectorLength + (HasBias(model) ? 1 : 0)
        : throw new NotSupportedException($"A model of algorithm '{model?.Algorithm}' has no item vectors; expected gru4rec, prnn or bpr-mf.");

    /// <summary>Writes the vectors, [I x Q] 32-bit floats in the order of item indices.</summary>
    /// <param name="stream">Receives the file; need not be seekable.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="NotSupportedException">The model scores items by something else.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static void WriteVectors(Stream stream, ISessionModel model)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(model);
        var length = LengthOf(model);
        var vectors = (IItemVectors)model;
        NpyWriter.Write(stream, model.Catalog.Count, length, (item, row) =>
        {
            vectors.VectorOf(item).CopyTo(row);
            if (HasBias(model))
                row[^1] = BiasOf(model, item);
        });
        GC.KeepAlive(model);
    }

    /// <summary>Writes the item keys, one JSON string a line: line i, counted from 0, is the key of row i.</summary>
    /// <param name="stream">Receives the file, UTF-8.</param>
    /// <param name="catalog">The model's items.</param>
    public static void WriteKeys(Stream stream, ItemCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(catalog);
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        var options = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        for (var item = 0; item < catalog.Count; item++)
            writer.WriteLine(JsonSerializer.Serialize(catalog.KeyOf(item), options));
    }

    private static bool HasBias(ISessionModel model) => model is not Gru4RecModel { Options.CosineScale: > 0 };

    private static unsafe float BiasOf(ISessionModel model, int item) => model switch
    {
        Gru4RecModel gru4Rec => *gru4Rec.Scored.Rows.Bias(item),
        PrnnModel prnn => *prnn.Scored.Rows.Bias(item),
        BprMfModel bprMf => bprMf.Items.Row(item)[bprMf.VectorLength],
        _ => throw new NotSupportedException(),
    };
}
