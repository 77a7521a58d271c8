namespace NextItem.Preparation.Formats;

/// <summary>RecBole's atomic files: tabs, and headers that tell the types (<c>item_id:token</c>).</summary>
internal static class RecBole
{
    public static readonly RawFormat Format = new()
    {
        Name = "recbole",
        Title = "RecBole's atomic files (.inter, .item)",
        EventFiles = ["*.inter"],
        Session = ["session_id"],
        User = ["user_id"],
        Item = ["item_id"],
        Time = ["timestamp"],
        ItemSources = [new(["*.item"], ["item_id"])],
    };
}
