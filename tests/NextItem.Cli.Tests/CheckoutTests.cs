using NextItem.Cli.Output;

namespace NextItem.Cli.Tests;

public sealed class CheckoutTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The demo says how to start the command from a checkout; a tool or a single file is called by its name.</summary>
    [Theory]
    [InlineData("artifacts/bin/NextItem.Cli/release/", true)]
    [InlineData("artifacts/bin/NextItem.Cli/debug", true)]
    [InlineData("tools/.store/nextitem.tool/0.1.0/tools/net10.0/any/", false)]
    [InlineData("out/nextitem-0.1.0-linux-x64/", false)]
    [InlineData("", false)]
    public void Built_BelowTheSolution_IsForItsOwnOutputAlone(string below, bool expected)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "NextItem.slnx"), "");

        Assert.Equal(expected, Checkout.Built(Path.Combine(_folder.Path, below)));
    }

    [Fact]
    public void Built_WithoutASolution_IsFalse() => Assert.False(Checkout.Built(Path.Combine(_folder.Path, "artifacts", "bin", "NextItem.Cli", "release")));

    [Fact]
    public void Built_OfTheseTests_IsTrue() => Assert.True(Checkout.Built(AppContext.BaseDirectory));
}
