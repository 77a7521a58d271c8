using NextItem.Data.Reading;

namespace NextItem.Data.Tests.Reading;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("SessionId", "session_id", "session_id")]
    [InlineData("SessionId", "Sesion Id", "Sesion Id")]
    [InlineData("ItemId", "item_id:token", "item_id:token")]
    [InlineData("Time", "timestamp", "timestamp")]
    [InlineData("Time", "Tme", "Tme")]
    [InlineData("ItemId", "userId", null)]
    [InlineData("Time", "id", null)]
    [InlineData("Time", "", null)]
    public void Of_OneName_IsNearOrNot(string wanted, string name, string? nearest) =>
        Assert.Equal(nearest, NearestName.Of(wanted, [name]));

    [Fact]
    public void Of_SeveralNames_TakesTheNearest() =>
        Assert.Equal("time", NearestName.Of("Time", ["timestamp", "tim", "time", "TIME"]));
}
