namespace NextItem.Preparation.Formats;

/// <summary>RecSys Challenge 2015: clicks without a header, separated by commas.</summary>
internal static class YooChoose
{
    public static readonly RawFormat Format = new()
    {
        Name = "yoochoose",
        Title = "RecSys Challenge 2015 (YooChoose, RSC15), clicks",
        EventFiles = ["yoochoose-clicks*.dat", "yoochoose-test*.dat"],
        Headerless = _ => ["session", "time", "item", "category"],
        Session = ["session"],
        Item = ["item"],
        Time = ["time"],
    };
}
