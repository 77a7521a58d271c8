using NextItem.Kernels;
using NextItem.Models.Gru4Rec;

namespace NextItem.Benchmarks;

/// <summary>Models with random parameters: as fast as trained ones.</summary>
internal static class RandomModels
{
    /// <summary>A network over a catalog's items.</summary>
    public static unsafe Gru4RecModel Gru4Rec(ItemCatalog catalog, int[] layers)
    {
        var options = new Gru4RecOptions { Layers = [.. layers] };
        var parameters = new Gru4RecParameters(options, catalog.Count, states: 0);
        foreach (var table in parameters.All.Tables)
            RandomRows.Fill(new Matrix(table.Values.Data, table.Rows, table == parameters.Items ? layers[^1] + 1 : layers[0], table.Stride), table.Name.Length, 0.2f);
        return new Gru4RecModel(catalog, options, parameters);
    }
}
