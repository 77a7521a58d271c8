namespace NextItem.Preparation.Formats;

/// <summary>Rees46 multi-category shop: views of users; sessions by pauses between views.</summary>
internal static class Rees46
{
    public static readonly RawFormat Format = new()
    {
        Name = "rees46",
        Title = "Rees46 multi-category shop, views (published with October and November 2019)",
        EventFiles = ["*.csv"],
        Session = ["user_session"],
        User = ["user_id"],
        Item = ["product_id"],
        Time = ["event_time"],
        EventType = ["event_type"],
        ItemColumns = ["category_code", "brand", "price"],
        Steps = new()
        {
            EventTypes = ["view"],
            SelectTypesFirst = true,
            Sessions = SessionSource.User,
            Gap = TimeSpan.FromHours(1),
            End = DateTimeOffset.FromUnixTimeSeconds(1_575_158_400),
        },
    };
}
