namespace NextItem.Preparation.Formats;

/// <summary>CIKM Cup 2016, track 2: views of items; categories and name tokens in further files.</summary>
internal static class Diginetica
{
    public static readonly RawFormat Format = new()
    {
        Name = "diginetica",
        Title = "CIKM Cup 2016 (Diginetica), product views",
        EventFiles = ["*train-item-views*.csv"],
        Session = ["session_id"],
        User = ["user_id"],
        Item = ["item_id"],
        Time = ["eventdate", "timeframe"],
        // A day and the milliseconds since the session's first query.
        TimeSql = "date_time(eventdate) + number_time(timeframe, 1000)",
        ItemSources =
        [
            new(["*product-categories*.csv"], ["itemId"]),
            new(["products*.csv", "train-products*.csv"], ["itemId"]),
        ],
        Steps = new() { TestPeriod = TimeSpan.FromDays(7) },
    };
}
