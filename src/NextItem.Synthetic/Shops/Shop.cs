namespace NextItem.Synthetic;

/// <summary>A generated shop: its items, its click log in two parts, and the oracle that knows how the log came about. Immutable.</summary>
public sealed class Shop
{
    internal Shop(ShopOptions options, ShopItem[] items, SessionEvent[] train, SessionEvent[] test, double splitTime, ShopOracle oracle)
    {
        Options = options;
        Items = items;
        Train = train;
        Test = test;
        SplitTime = splitTime;
        Oracle = oracle;
    }

    /// <summary>What the shop was generated from.</summary>
    public ShopOptions Options { get; }

    /// <summary>All items of the shop; their place in the list is their index for <see cref="Oracle"/>.</summary>
    public IReadOnlyList<ShopItem> Items { get; }

    /// <summary>Events of the sessions that started before <see cref="SplitTime"/>, by rising time.</summary>
    public IReadOnlyList<SessionEvent> Train { get; }

    /// <summary>Events of the sessions that started at <see cref="SplitTime"/> or later, by rising time.</summary>
    public IReadOnlyList<SessionEvent> Test { get; }

    /// <summary>When the first test session started, in Unix seconds.</summary>
    public double SplitTime { get; }

    /// <summary>The exact next-item distribution, and the best score that any model can expect on <see cref="Test"/>.</summary>
    public ShopOracle Oracle { get; }
}
