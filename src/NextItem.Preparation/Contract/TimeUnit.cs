namespace NextItem.Preparation;

/// <summary>What a time that is a number counts.</summary>
public enum TimeUnit
{
    /// <summary>Guessed from the numbers' size, and told.</summary>
    Auto,

    /// <summary>Seconds.</summary>
    Seconds,

    /// <summary>Thousandths of a second.</summary>
    Milliseconds,

    /// <summary>Millionths of a second.</summary>
    Microseconds,

    /// <summary>Thousand-millionths of a second; they are rounded to microseconds.</summary>
    Nanoseconds,
}
