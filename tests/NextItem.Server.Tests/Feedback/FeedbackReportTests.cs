using System.IO.Compression;
using NextItem.Data;

namespace NextItem.Server.Tests.Feedback;

public sealed class FeedbackReportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Counted by hand.</summary>
    [Fact]
    public void Rates_AreThoseOfTheLines()
    {
        Write(
            "lists-2026-01-02.jsonl",
            List("r1", "s1", "10", "A", "x", "y"), // followed by x: hit; y was clicked by its name
            List("r2", "s1", "12", "A", "y", "z"), // followed by w: none
            List("r3", "s1", "30", "A", "x"), // nothing follows
            List("r4", null, "11", "A", "x"), // clicked from another session
            List("r5", "s2", "10", "B", "x"));
        Write("lists-2026-01-03.jsonl", List("r6", "s3", "50", "B", "x", "w"));
        Write(
            "events-2026-01-02.jsonl",
            Event("s1", "before", "05", "view"),
            Event("s1", "x", "11", "click"),
            Event("s1", "y", "11.5", "purchase", "r1"),
            Event("s1", "w", "20", "view", "r2"), // names a list that did not have it
            Event("s9", "x", "20", "view", "r4"),
            Event("s2", "y", "10", "view"), // at the list's own time: not after it
            Event("s3", "x", "60", "purchase")); // is no view

        var report = FeedbackReport.Read([_folder.Path]);

        Assert.Equal(7, report.Events);
        Assert.Equal(["A", "B"], report.Variants.Select(variant => variant.Variant));
        var (a, b) = (report.Variants[0], report.Variants[1]);
        Assert.Equal((4, 2, 2L, 4L), (a.Lists, a.Sessions, a.ClickThrough!.Count, a.ClickThrough.Cases));
        Assert.Equal((1L, 2L), (a.HitRate!.Count, a.HitRate.Cases));
        Assert.Equal((2, 2, 0L, 2L), (b.Lists, b.Sessions, b.ClickThrough!.Count, b.ClickThrough.Cases));
        Assert.Null(b.HitRate);
        Assert.Equal(["v1"], a.ModelVersions);
    }

    [Fact]
    public void Files_OfSeveralServers_AndPackedOnes_AreOne()
    {
        var (one, two) = (Directory.CreateDirectory(_folder.In("1")).FullName, Directory.CreateDirectory(_folder.In("2")).FullName);
        using (var packed = new StreamWriter(new GZipStream(File.Create(Path.Combine(one, "lists-2026-01-02.jsonl.gz")), CompressionLevel.Fastest)))
            packed.Write(List("r1", "s1", "10", "A", "x") + "\n");
        File.WriteAllText(Path.Combine(two, "lists-2026-01-02.jsonl"), List("r2", "s2", "10", "A", "x") + "\n");
        File.WriteAllText(Path.Combine(two, "events-2026-01-02.jsonl"), Event("s1", "x", "11", "view") + "\n");

        var variant = Assert.Single(FeedbackReport.Read([one, two]).Variants);

        Assert.Equal((2, 1L, 1L), (variant.Lists, variant.HitRate!.Count, variant.HitRate.Cases));
    }

    /// <summary>The line that a server is writing at the moment.</summary>
    [Fact]
    public void LastLine_WithoutItsEnd_IsPassedOver()
    {
        File.WriteAllText(_folder.In("lists-2026-01-02.jsonl"), List("r1", "s1", "10", "A", "x") + "\n" + List("r2", "s1", "10", "A", "x")[..40]);
        Assert.Equal(1, FeedbackReport.Read([_folder.Path]).Variants.Single().Lists);
    }

    [Theory]
    [InlineData("nonsense\n")]
    [InlineData("{\"recommendation_id\":\"r1\"}\n")]
    [InlineData("\n")]
    [InlineData("null\n")]
    public void Line_ThatNoServerWrote_IsNamed(string line)
    {
        File.WriteAllText(_folder.In("lists-2026-01-02.jsonl"), List("r1", "s1", "10", "A", "x") + "\n" + line);
        var fault = Assert.Throws<EventsFileException>(() => FeedbackReport.Read([_folder.Path]));
        Assert.Equal((_folder.In("lists-2026-01-02.jsonl"), 2), (fault.Path, fault.Row));
    }

    [Fact]
    public void Folder_WithoutLists_IsRefused()
    {
        Assert.Contains("no file of shown lists", Assert.Throws<EventsFileException>(() => FeedbackReport.Read([_folder.Path])).Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", Assert.Throws<EventsFileException>(() => FeedbackReport.Read([_folder.In("none")])).Message, StringComparison.Ordinal);
    }

    private void Write(string name, params string[] lines) => File.WriteAllText(_folder.In(name), string.Concat(lines.Select(line => line + "\n")));

    private static string List(string id, string? session, string seconds, string variant, params string[] items) =>
        $$"""{"recommendation_id":"{{id}}",{{(session is null ? "" : $"\"session_id\":\"{session}\",")}}"timestamp":"2026-01-02T10:00:{{seconds}}Z","variant":"{{variant}}","model_version":"v1","fallback":"none","items":[{{string.Join(',', items.Select((item, i) => $$"""{"item_id":"{{item}}","position":{{i + 1}},"source":"model"}"""))}}]}""";

    private static string Event(string session, string item, string seconds, string type, string? list = null) =>
        $$"""{"session_id":"{{session}}","item_id":"{{item}}","timestamp":"2026-01-02T10:00:{{seconds}}Z","event_type":"{{type}}",{{(list is null ? "" : $"\"recommendation_id\":\"{list}\",")}}"variant":"A"}""";
}
