using NextItem.Models;
using NextItem.Models.Gru4Rec;

namespace NextItem.Tests.Models;

public class ParameterSetTests
{
    private static readonly Gru4RecOptions s_options = new() { Layers = [20, 30], Variant = GruVariant.ResetAfter };

    [Fact]
    public void Specs_TwoLayers_HaveTheDocumentedShapes()
    {
        using var parameters = new Gru4RecParameters(s_options, 50, states: 1);
        Assert.Equal(
            [
                "items 50x1x31", "gru.0.input_weights 30x3x20", "gru.0.recurrent_weights 20x3x20", "gru.0.input_bias 1x3x20", "gru.0.recurrent_bias 1x3x20",
                "gru.1.input_weights 20x3x30", "gru.1.recurrent_weights 30x3x30", "gru.1.input_bias 1x3x30", "gru.1.recurrent_bias 1x3x30",
            ],
            parameters.All.Tables.Select(table => $"{table.Name} {table.Rows}x{table.Blocks}x{table.BlockColumns}"));
        Assert.Equal(30, parameters.VectorLength);
        Assert.Equal((50 * 31) + (30 * 60) + (20 * 60) + 60 + 60 + (20 * 90) + (30 * 90) + 90 + 90, parameters.All.ValueCount);
        Assert.Throws<KeyNotFoundException>(() => parameters.All["gru.2.input_weights"]);
        using var before = new Gru4RecParameters(s_options with { Variant = GruVariant.ResetBefore }, 50, states: 0);
        Assert.DoesNotContain(before.All.Tables, table => table.Name.EndsWith("recurrent_bias", StringComparison.Ordinal));
    }

    /// <summary>Each block is its own Glorot matrix: uniform up to sqrt(6 / (rows + columns)) of the block, not of the stacked gates; biases are 0.</summary>
    [Fact]
    public void Initialise_EveryTable_IsGlorotUniformByBlockAndBiasesAreZero()
    {
        using var parameters = new Gru4RecParameters(s_options, 500, states: 1);
        parameters.All.Initialise(42);
        foreach (var table in parameters.All.Tables)
        {
            var isItems = table.Name == "items";
            var columns = isItems ? table.BlockColumns - 1 : table.BlockColumns;
            var bound = table.Name.EndsWith("bias", StringComparison.Ordinal) ? 0 : Math.Sqrt(6.0 / (table.Rows + columns));
            for (var block = 0; block < table.Blocks; block++)
            {
                double largest = 0, sum = 0, squares = 0;
                for (var row = 0; row < table.Rows; row++)
                {
                    for (var column = 0; column < columns; column++)
                    {
                        var value = table.At(row, block, column);
                        largest = Math.Max(largest, Math.Abs(value));
                        sum += value;
                        squares += value * value;
                        Assert.Equal(0f, table.StateAt(0, row, block, column));
                    }
                }

                var count = table.Rows * columns;
                Assert.InRange(largest, 0.97 * bound, bound * 1.000001);
                Assert.InRange(sum / count, -5 * bound / Math.Sqrt(3.0 * count), 5 * bound / Math.Sqrt(3.0 * count));
                Assert.InRange(squares / count, 0.85 * bound * bound / 3, 1.15 * bound * bound / 3);
            }

            if (isItems)
                Assert.All(Enumerable.Range(0, table.Rows), row => Assert.Equal(0f, table.At(row, 0, 30)));
        }
    }

    /// <summary>A scale is the bound of the uniform numbers and the standard deviation of the normal ones, for every table alike.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public void Initialise_Scale_IsBoundOrStandardDeviation(bool normal)
    {
        const float Scale = 0.3f;
        using var parameters = new Gru4RecParameters(s_options, 500, states: 0);
        parameters.All.Initialise(42, Scale, normal);
        foreach (var table in new[] { parameters.Items, parameters.Layers[0].Recurrent })
        {
            var columns = table == parameters.Items ? table.BlockColumns - 1 : table.BlockColumns;
            var values = Enumerable.Range(0, table.Rows).SelectMany(row => Enumerable.Range(0, columns).Select(column => (double)table.At(row, 0, column))).ToArray();
            var variance = Scale * Scale * (normal ? 1 : 1 / 3.0);
            Assert.InRange(values.Average(value => value * value), 0.75 * variance, 1.25 * variance);
            Assert.Equal(normal, values.Max(Math.Abs) > Scale * 1.000001);
        }
    }

    [Fact]
    public void Initialise_Seeds_DetermineTheValuesAndBlocksDiffer()
    {
        float[] Values(ulong seed)
        {
            using var parameters = new Gru4RecParameters(s_options, 5, states: 0);
            parameters.All.Initialise(seed);
            var weights = parameters.Layers[0].Recurrent;
            return [weights.At(3, 0, 4), weights.At(3, 1, 4), weights.At(3, 2, 4), weights.At(4, 0, 4), parameters.Layers[0].Input.At(3, 0, 4), parameters.Items.At(3, 0, 4)];
        }

        Assert.Equal(Values(1), Values(1));
        Assert.NotEqual(Values(1), Values(2));
        Assert.Equal(6, Values(1).Distinct().Count());
    }

    [Fact]
    public void WithoutStates_Copy_IsIndependent()
    {
        using var set = new ParameterSet([new ParameterSpec("w", 2, 3, 1, 3)], states: 2);
        set.Initialise(1);
        using var copy = set.WithoutStates();
        var kept = set["w"].At(1, 0, 2);
        set["w"].At(1, 0, 2) = 9;
        Assert.Equal((kept, 0), (copy["w"].At(1, 0, 2), copy["w"].States));
    }
}
