using System.Text.Json;
using NextItem.Models.Gru4Rec;
using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models;

public unsafe class GruCellTests
{
    private static readonly string[] s_gates = ["h", "r", "z"];

    [Theory]
    [InlineData(GruVariant.ResetBefore, "reset_before")]
    [InlineData(GruVariant.ResetAfter, "reset_after")]
    public void Forward_GoldenWeights_IsTheGolden(GruVariant variant, string expected)
    {
        var options = new Gru4RecOptions { Layers = [2], Variant = variant };
        using var parameters = new Gru4RecParameters(options, itemCount: 1, states: 0);
        var layer = parameters.Layers[0];
        for (var gate = 0; gate < 3; gate++)
        {
            for (var j = 0; j < 2; j++)
            {
                layer.InputBias.At(0, gate, j) = (float)Golden.Row("gru", "b", s_gates[gate])[j];
                for (var i = 0; i < 2; i++)
                {
                    layer.Input.At(i, gate, j) = (float)Golden.Rows("gru", "w", s_gates[gate])[i][j];
                    layer.Recurrent.At(i, gate, j) = (float)Golden.Rows("gru", "u", s_gates[gate])[i][j];
                }
            }
        }

        const int Lanes = 3; // the golden lane stands in the middle
        using var work = new GruWorkspace(layer, Lanes, training: false);
        for (var i = 0; i < 2; i++)
        {
            work.Input.Row(1)[i] = (float)Golden.Row("gru", "x")[i];
            work.Previous.Row(1)[i] = (float)Golden.Row("gru", "h")[i];
        }

        GruCell.Forward(layer, work, 0, Lanes, []);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(Golden.Row("gru", expected)[i], work.State.Row(1)[i], 1e-7);
            Assert.Equal(Golden.Row("gru", "r")[i], work.Gates.Row(1)[16 + i], 1e-7);
            Assert.Equal(Golden.Row("gru", "z")[i], work.Gates.Row(1)[32 + i], 1e-7);
        }

        // The vectorised tanh(0) is not exactly 0; the padding of a state is never read, but must not grow.
        for (var i = 2; i < 16; i++)
            Assert.Equal(0f, work.State.Row(1)[i], 1e-7f);
    }

    [Theory]
    [InlineData("reset_before", false)]
    [InlineData("reset_after", true)]
    public void Step_OfTheReference_IsTheGolden(string expected, bool resetAfter)
    {
        var state = DoubleGru.Step(
            Golden.Row("gru", "x"), Golden.Row("gru", "h"), Blocks("w", 2), Blocks("u", 2), Blocks("b", 1), resetAfter ? new double[1, 3, 2] : null);
        Assert.Equal(Golden.Row("gru", expected)[0], state[0], 1e-14);
        Assert.Equal(Golden.Row("gru", expected)[1], state[1], 1e-14);
    }

    [Fact]
    public void Forward_RangeOfLanes_LeavesTheOthersAlone()
    {
        using var parameters = new Gru4RecParameters(new Gru4RecOptions { Layers = [5] }, itemCount: 1, states: 0);
        parameters.All.Initialise(3);
        using var work = new GruWorkspace(parameters.Layers[0], 9, training: false);
        for (var lane = 0; lane < 9; lane++)
        {
            work.Input.Row(lane)[lane % 5] = 1;
            work.State.Row(lane)[0] = 77;
        }

        GruCell.Forward(parameters.Layers[0], work, 2, 6, []);
        GruCell.Forward(parameters.Layers[0], work, 6, 6, []);
        for (var lane = 0; lane < 9; lane++)
            Assert.Equal(lane is >= 2 and < 6, work.State.Row(lane)[0] != 77);
    }

    /// <summary>A gate's matrix, or vector as one row, in the reference's layout [row, gate, column].</summary>
    private static double[,,] Blocks(string name, int rows)
    {
        var blocks = new double[rows, 3, 2];
        for (var gate = 0; gate < 3; gate++)
        {
            var values = Golden.Get("gru", name, s_gates[gate]);
            for (var i = 0; i < rows; i++)
            {
                for (var j = 0; j < 2; j++)
                    blocks[i, gate, j] = (values[0].ValueKind == JsonValueKind.Array ? values[i][j] : values[j]).GetDouble();
            }
        }

        return blocks;
    }
}
