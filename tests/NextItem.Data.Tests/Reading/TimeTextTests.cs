using System.Globalization;
using CsCheck;
using NextItem.Data.Reading;

namespace NextItem.Data.Tests.Reading;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("2014-04-07T10:51:09Z", 1396867869)]
    [InlineData("2014-04-07t10:51:09z", 1396867869)]
    [InlineData("2014-04-07 10:51:09", 1396867869)]
    [InlineData("2014-04-07 10:51:09 UTC", 1396867869)]
    [InlineData("2014-04-07T10:51", 1396867860)]
    [InlineData("2014-04-07T10:51:09.277Z", 1396867869.277)]
    [InlineData("2014-04-07T10:51:09,5", 1396867869.5)]
    [InlineData("2014-04-07T10:51:09.25000000000000000000001Z", 1396867869.25)]
    [InlineData("2014-04-07T10:51:09+02:00", 1396860669)]
    [InlineData("2014-04-07T10:51:09-0330", 1396880469)]
    [InlineData("2014-04-07 10:51:09+02", 1396860669)]
    [InlineData("1969-12-31T23:59:59.5Z", -0.5)]
    [InlineData("2016-02-29", 1456704000)]
    [InlineData("0001-01-01", -62135596800)]
    [InlineData("9999-12-31T23:59:59Z", 253402300799)]
    public void Parse_IsoDate_GivesUnixSeconds(string text, double seconds)
    {
        Assert.Equal(seconds, TimeText.Parse(text, out var kind));
        Assert.Equal(TimeKind.Date, kind);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-17", -17)]
    [InlineData("20140407", 20140407)]
    [InlineData("1396437466.94", 1396437466.94)]
    [InlineData("1.5e3", 1500)]
    public void Parse_Number_GivesIt(string text, double number)
    {
        Assert.Equal(number, TimeText.Parse(text, out var kind));
        Assert.Equal(TimeKind.Number, kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("x")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1,000")]
    [InlineData("10:51")]
    [InlineData("04/07/2014")]
    [InlineData("2014-4-7")]
    [InlineData("2014-00-07")]
    [InlineData("2014-13-07")]
    [InlineData("2014-04-31")]
    [InlineData("2015-02-29")]
    [InlineData("0000-01-01")]
    [InlineData("2014-04-07T")]
    [InlineData("2014-04-07T10")]
    [InlineData("2014-04-07T24:00:00")]
    [InlineData("2014-04-07T10:60")]
    [InlineData("2014-04-07T10:51:60")]
    [InlineData("2014-04-07T10:51:9")]
    [InlineData("2014-04-07T10:51:09.")]
    [InlineData("2014-04-07T10:51:09.x")]
    [InlineData("2014-04-07T10:51:09+2")]
    [InlineData("2014-04-07T10:51:09+02:60")]
    [InlineData("2014-04-07T10:51:09+24:00")]
    [InlineData("2014-04-07T10:51:09+02-00")]
    [InlineData("2014-04-07T10:51:09 CET")]
    [InlineData("2014-04-07X10:51:09")]
    [InlineData("2014-04-07Z")]
    [InlineData("٢٠١٤-04-07")]
    public void Parse_AnythingElse_IsNeither(string text)
    {
        TimeText.Parse(text, out var kind);

        Assert.Equal(TimeKind.None, kind);
    }

    [Fact]
    public void Parse_AnyDate_AgreesWithTheFramework() =>
        Gen.Select(Gen.Long[0, DateTime.MaxValue.Ticks / TimeSpan.TicksPerMillisecond], Gen.Int[-839, 839]).Sample(
            (milliseconds, offsetMinutes) =>
            {
                var utc = new DateTime(milliseconds * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
                var local = utc.Ticks / TimeSpan.TicksPerMinute + offsetMinutes;
                if (local < 0 || local > DateTime.MaxValue.Ticks / TimeSpan.TicksPerMinute)
                    return;
                var text = new DateTimeOffset(utc).ToOffset(TimeSpan.FromMinutes(offsetMinutes))
                    .ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

                var seconds = TimeText.Parse(text, out var kind);

                Assert.Equal(TimeKind.Date, kind);
                Assert.Equal((double)((utc.Ticks - DateTime.UnixEpoch.Ticks) / (decimal)TimeSpan.TicksPerSecond), seconds);
                Assert.Equal(seconds, TimeText.UnixSeconds(utc));
            },
            iter: 2_000);
}
