namespace NextItem.Preparation.Tests;

/// <summary>Dates that are not ISO 8601: by a format that is given, or refused with what to do.</summary>
public sealed class TimeFormatTests : IDisposable
{
    private const string German = "session_id,item_id,time\ns1,a,09.09.2001 01:46\ns1,b,09.09.2001 01:47\ns2,a,11.09.2001 09:20\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The format would read what is before the line break.</summary>
    [Fact]
    public void Time_InAGivenFormat_WithALineBreak_IsABadRow()
    {
        var path = _folder.Write("log.csv", German + "s1,c,\"09.09.2001 01:48\n\"\n");

        var report = _folder.Prepare(path, Steps.Lenient, options => options with { Columns = new RawColumns { TimeFormat = "%d.%m.%Y %H:%M" } });

        Assert.StartsWith($"{path}, row 4: 'time' is '09.09.2001 01:48', which runs over 2 lines; expected a date written as %d.%m.%Y %H:%M in one line.", Assert.Single(report.BadRows), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(German, "%d.%m.%Y %H:%M", 1000000000 - 40, 1000000000 + 20)]
    [InlineData("session_id,item_id,time\ns1,a,09/Sep/2001:03:46:40 +0200\ns1,b,09/Sep/2001:03:46:41 +0200\ns2,a,11/Sep/2001:09:20:00 +0200\n", "%d/%b/%Y:%H:%M:%S %z", 1000000000, 1000000001)]
    [InlineData("session_id,item_id,time\ns1,a,20010909\ns1,b,20010910\ns2,a,20010921\n", "%Y%m%d", 999993600, 1000080000)] // numbers, if nothing is said
    public void Times_InAGivenFormat_AreRead(string text, string format, long first, long second)
    {
        var report = _folder.Prepare(_folder.Write("log.csv", text), Steps.Lenient, options => options with { Columns = new RawColumns { TimeFormat = format } });

        Assert.Equal([$"s1 a {first}.0", $"s1 b {second}.0"], _folder.Rows("train_full"));
        Assert.Contains(report.Understood, sentence => sentence.EndsWith($"time 'time' (dates, {format}).", StringComparison.Ordinal));
    }

    [Fact]
    public void Time_NotInTheFormat_IsABadRow()
    {
        var path = _folder.Write("log.csv", German + "s2,b,13/09/2001\n");

        var report = _folder.Prepare(path, Steps.Lenient, options => options with { Columns = new RawColumns { TimeFormat = "%d.%m.%Y %H:%M" } });

        Assert.Equal([$"{path}, row 4: 'time' is '13/09/2001'; expected a date written as %d.%m.%Y %H:%M."], report.BadRows);
    }

    [Theory]
    [InlineData("%Y/%m/%d", "'time' is '09.09.2001 01:46'; expected a date written as %Y/%m/%d.")]
    [InlineData("%d.%m.%Q", "--time-format is '%d.%m.%Q'; expected letters of strptime, such as %d.%m.%Y %H:%M (")]
    [InlineData("dd.MM.yyyy", "TimeFormat is 'dd.MM.yyyy'; expected how dates are written, such as %d.%m.%Y %H:%M.")]
    public void Format_ThatCannotBeMeant_IsRefused(string format, string expected) =>
        Assert.Contains(expected, Refusal(German, new RawColumns { TimeFormat = format }), StringComparison.Ordinal);

    [Fact]
    public void Format_WithAUnit_IsRefused() =>
        Assert.Contains("TimeFormat and TimeUnit are both given", Refusal(German, new RawColumns { TimeFormat = "%Y", TimeUnit = TimeUnit.Seconds }), StringComparison.Ordinal);

    /// <summary>The column is not what is wrong where its values are dates, or where it was named.</summary>
    [Theory]
    [InlineData("09.09.2001 01:46", null, " Say how dates are written with --time-format, such as --time-format '%d.%m.%Y %H:%M'.")]
    [InlineData("Sep 9, 2001", null, " Say how dates are written with --time-format, such as --time-format '%d.%m.%Y %H:%M'.")]
    [InlineData("09.09.2001 01:46", "time", " Say how dates are written with --time-format, such as --time-format '%d.%m.%Y %H:%M'.")]
    [InlineData("noon", null, " Choose the column with --time-column.")]
    [InlineData("noon", "time", "")]
    public void NoTime_IsRefusedWithWhatToDo(string time, string? column, string advice)
    {
        var refusal = Refusal($"session_id,item_id,time\ns1,a,\"{time}\"\n", new RawColumns { Time = column });

        Assert.EndsWith($": 'time' is '{time}'; expected a number or an ISO 8601 date.{advice}", refusal, StringComparison.Ordinal);
    }

    private string Refusal(string text, RawColumns columns) =>
        Assert.ThrowsAny<Exception>(() => _folder.Prepare(_folder.Write("log.csv", text), Steps.Lenient, options => options with { Columns = columns })).Message;
}
