using NextItem.Cli.Output;

namespace NextItem.Cli.Tests;

public class ShellTextTests
{
    [Theory]
    [InlineData("data/train_tr.tsv.gz", "data/train_tr.tsv.gz")]
    [InlineData("items.tsv:text=title,description", "items.tsv:text=title,description")]
    [InlineData("my shop/train.tsv", "\"my shop/train.tsv\"")]
    [InlineData("it's.tsv", "\"it's.tsv\"")]
    [InlineData("a.tsv:vector=v*;subnet=x", "\"a.tsv:vector=v*;subnet=x\"")]
    [InlineData("", "\"\"")]
    public void Quoted_Text_IsOneArgument(string text, string expected) =>
        Assert.Equal([expected, expected], new[] { false, true }.Select(onWindows => ShellText.Quoted(text, onWindows)));

    /// <summary>What a shell reads within double marks too.</summary>
    [Theory]
    [InlineData("$HOME/a.tsv", "'$HOME/a.tsv'", "\"$HOME/a.tsv\"")]
    [InlineData(@"C:\my shop\a.tsv", @"'C:\my shop\a.tsv'", "\"C:\\my shop\\a.tsv\"")]
    [InlineData("i.tsv:text=\"it's\"", @"'i.tsv:text=""it'\''s""'", "\"i.tsv:text=\\\"it's\\\"\"")]
    public void Quoted_SignsOfAShell_AreByItsKind(string text, string expected, string onWindows) =>
        Assert.Equal((expected, onWindows), (ShellText.Quoted(text, onWindows: false), ShellText.Quoted(text, onWindows: true)));

    /// <summary>Printed by a shell, each is what it was.</summary>
    [Fact]
    public async Task Quoted_AnyText_IsReadBackByAShell()
    {
        if (OperatingSystem.IsWindows() || !await Cli.Has(["bash", "-c", "true"]))
            Assert.Skip("needs bash");
        string[] texts = ["plain", "two words", "it's", "\"marks\"", "$HOME `ls` \\ !x ~ * ? # & | < > ( ) { } [ ] ; %", "line\nbreak", "ä€", ""];
        var printed = await Cli.RunProcess("bash", "-c", $"printf '%s\\0' {string.Join(' ', texts.Select(text => ShellText.Quoted(text)))}");
        Assert.Equal(texts, printed.Succeeded().Output.Split('\0')[..^1]);
    }
}
