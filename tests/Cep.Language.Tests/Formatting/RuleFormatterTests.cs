using Cep.Language.Formatting;
using Cep.Language.Text;

namespace Cep.Language.Tests.Formatting;

public class RuleFormatterTests
{
    [Fact]
    public void Fields_stand_below_each_other_and_so_do_the_comments_behind_them() => Check(
        """
        stream auths{id string card_id   string // the card
          merchant string ? // optional
          `a b` int
            watermark   for ts delay 5s idle after 1m // late ones are counted
        }
        stream ticks { at timestamp processing time }
        """,
        """
        stream auths {
            id        string
            card_id   string   // the card
            merchant  string?  // optional
            `a b`     int
            watermark for ts delay 5s idle after 1m  // late ones are counted
        }

        stream ticks {
            at  timestamp
            processing time
        }

        """);

    [Fact]
    public void Clauses_stand_one_a_line_and_short_patterns_on_one() => Check(
        """
        rule r { title 'It\'s' severity high tags a , "b c"
        from auths key ( card_id,id ) where not(approved) and amount in( 1,-2 ) or- amount>a . amount*( 1+2 )
        match a {3 , }  consecutive :auths  ->not ( b ? : auths|c:auths ) until( amount==a[ - 1 ].amount) within  10m skip to first a
        emit   alert{n=count( a ),m = if a . ok then-1 else 2-1} partials 5 per key on overflow fail }
        """,
        """
        rule r {
            title    'It\'s'
            severity high
            tags     a, "b c"
            from     auths key (card_id, id) where not (approved) and amount in (1, -2) or -amount > a.amount * (1 + 2)
            match    a{3,} consecutive: auths
                     -> not ( b?: auths | c: auths ) until (amount == a[-1].amount)
                     within 10m
                     skip to first a
            emit     alert { n = count(a), m = if a.ok then -1 else 2 - 1 }
            partials 5 per key on overflow fail
        }

        """);

    [Fact]
    public void Clauses_about_alerts_are_laid_out_as_others() => Check(
        """
        rule r { severity critical if count ( a )>3 else high if- a.amount>1 // for now
        else low from auths key card_id match a: auths->b: auths within 10m emit on  timeout alert{} emit alert{ x=count( a )}
          suppress by x , `for`   for 1h30m limit 5 per  1h }
        rule s { from auths key card_id match a: auths -> b: auths within 10m
            emit on timeout alert { first_amount = a.amount, card = a.card_id, merchant = coalesce(a.merchant, "somewhere else"), due = deadline() } }
        """,
        """
        rule r {
            severity critical if count(a) > 3 else high if -a.amount > 1  // for now
                     else low
            from     auths key card_id
            match    a: auths -> b: auths within 10m
            emit     on timeout alert {}
            emit     alert { x = count(a) }
            suppress by x, `for` for 1h30m
            limit    5 per 1h
        }

        rule s {
            from     auths key card_id
            match    a: auths -> b: auths within 10m
            emit     on timeout alert {
                         first_amount = a.amount,
                         card         = a.card_id,
                         merchant     = coalesce(a.merchant, "somewhere else"),
                         due          = deadline()
                     }
        }

        """);

    [Fact]
    public void Long_patterns_conditions_groups_and_measures_are_broken() => Check(
        """
        rule r {
            from auths key card_id where approved and coalesce(merchant, "?") not in ("City Transit", "Parking Meters"), orders key order_id
            match here: auths -> ( there: auths where distance_km(here.lat, here.lon, lat, lon) > 300 -> again: auths where amount > there.amount | other: orders where status == "paid" or status == "refunded" )? => last: auths where distance_km(here.lat, here.lon, lat, lon) > 300 and distance_km(here.lat, here.lon, lat, lon) > 1000 * ((ts - here.ts) / 1h) within 1h
            emit alert { kilometres = round(distance_km(here.lat, here.lon, there.lat, there.lon)), minutes = date_diff("minute", here.ts, there.ts) }
        }
        """,
        """
        rule r {
            from     auths key card_id where approved and coalesce(merchant, "?") not in ("City Transit", "Parking Meters"),
                     orders key order_id
            match    here: auths
                     -> ( there: auths where distance_km(here.lat, here.lon, lat, lon) > 300
                          -> again: auths where amount > there.amount
                        | other: orders where status == "paid" or status == "refunded" )?
                     => last: auths where distance_km(here.lat, here.lon, lat, lon) > 300
                                      and distance_km(here.lat, here.lon, lat, lon) > 1000 * ((ts - here.ts) / 1h)
                     within 1h
            emit     alert {
                         kilometres = round(distance_km(here.lat, here.lon, there.lat, there.lon)),
                         minutes    = date_diff("minute", here.ts, there.ts)
                     }
        }

        """);

    [Fact]
    public void Comments_stay_between_their_tokens_and_one_empty_line_stays() => Check(
        """


        // head


        // of the file
        rule r { // behind

          // first


          title "x" /* inline */
            /* own
               lines */ severity /* why */ high

          match a: auths // one
          // two
          -> b: auths within 5m
          emit alert { n = 1, // behind n
            // before m
            m = 2
            // last
          }

          // foot

        } // end
        // after


        """,
        """
        // head

        // of the file
        rule r {  // behind
            // first

            title    "x" /* inline */
            /* own
               lines */
            severity /* why */ high

            match    a: auths  // one
                     // two
                     -> b: auths
                     within 5m
            emit     alert {
                         n = 1,  // behind n
                         // before m
                         m = 2
                         // last
                     }

            // foot
        }  // end

        // after

        """);

    [Fact]
    public void Comments_within_clauses_break_them_where_they_end_a_line() => Check(
        """
        rule /*1*/ r { /*2*/ title /*3*/ 'a' tags a /*4*/ , b // 5
         , c from a key /*6*/ ( x, y ) where x > - /*7*/ 5 match a /*8*/ {3, } :a // 9
         where b > 2 /* 10
        10 */ and c -> /*11*/ not b :a // 12
         within 5m emit alert { n = 1 , // 13
         /*14*/ } /*15*/ } // 16
        """,
        """
        rule /*1*/ r { /*2*/
            title /*3*/ 'a'
            tags     a /*4*/ , b  // 5
                     , c
            from     a key /*6*/ (x, y) where x > - /*7*/ 5
            match    a /*8*/ {3,}: a  // 9
                     where b > 2 /* 10
        10 */
                          and c
                     -> /*11*/ not b: a  // 12
                     within 5m
            emit     alert {
                         n = 1,  // 13
                         /*14*/
                     } /*15*/
        }  // 16

        """);

    [Theory]
    [InlineData("", "")]
    [InlineData(" \r\n\r\n", "")]
    [InlineData("// only\r\n\r\n\r\n/* a\r\nb */ ", "// only\n\n/* a\nb */\n")]
    public void File_without_declarations_keeps_its_comments(string text, string expected) => Check(text, expected);

    [Fact]
    public void File_with_syntax_errors_has_no_layout_but_its_errors_in_order()
    {
        var result = RuleFormatter.Format(new SourceText("a.cep", "rule r { titel \"x\"\n from auths key }"));

        Assert.Null(result.Text);
        Assert.Equal(["a.cep:1:10", "a.cep:2:17"], result.Diagnostics.Select(d => $"{d.Source.Path}:{d.Line}:{d.Column}"));
    }

    [Fact]
    public void Events_of_a_test_are_a_table() => Check(
        """
        test order_not_shipped   "fires"   {at 0s orders{order_id:"A",status :"paid"} // first
          at 1h59m orders {order_id:"B",a:- 5 }


          // the parcel
          at 2h5m shipments {}late   by 5m
          restart advance
             to 5h
          expect alert{order:"A"}at 2h expect none where order=="B"or not( x in(1 ,-2) )
          expect   late 1
        }
        """,
        """
        test order_not_shipped "fires" {
            at 0s     orders    { order_id: "A", status: "paid" }  // first
            at 1h59m  orders    { order_id: "B", a: -5 }

            // the parcel
            at 2h5m   shipments {} late by 5m
            restart
            advance to 5h
            expect alert { order: "A" } at 2h
            expect none where order == "B" or not (x in (1, -2))
            expect late 1
        }

        """);

    [Fact]
    public void Events_and_alerts_of_a_test_that_are_too_long_have_a_line_for_each_value() => Check(
        """
        test t "long" {
            at 0s a { first: "a text that is as long as a text in a test ever is", second: "another one that is as long" } late by 5s
            expect alert { first: "a text that is as long as a text in a test ever is", /* why */ second: "another one that is as long" }
        }
        """,
        """
        test t "long" {
            at 0s  a {
                first: "a text that is as long as a text in a test ever is",
                second: "another one that is as long"
            } late by 5s
            expect alert {
                first: "a text that is as long as a text in a test ever is", /* why */
                second: "another one that is as long"
            }
        }

        """);

    [Fact]
    public void What_is_wrong_beyond_syntax_does_not_matter() => Check(
        "rule r { from nowhere match a: nothing }",
        """
        rule r {
            from     nowhere
            match    a: nothing
        }

        """);

    [Fact]
    public void File_that_would_read_otherwise_stays_as_it_is() => Check(
        "stream s { list string of int at timestamp processing time }", "stream s { list string of int at timestamp processing time }");

    [Fact]
    public void Lists_are_one_line_or_a_line_for_each_value() => Check(
        """
        list   a of int=( -1,2 , 3 )
        list b of string   from   "lists/b.txt"
        list c of string = ( // the first
        "one", "two",
        // and more

        "three" /* or so */ , )
        list d of string = ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "c")
        """,
        """
        list a of int = (-1, 2, 3)

        list b of string from "lists/b.txt"

        list c of string = (  // the first
            "one",
            "two",
            // and more

            "three" /* or so */ ,
        )

        list d of string = (
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
            "c"
        )

        """);

    [Fact]
    public void Unless_stands_as_other_clauses_and_is_broken_before_and() => Check(
        """
        rule r { from orders key order_id match a: orders unless orders where status=="cancelled" and order_id not in @ some
        unless shipments
        unless orders where status == "cancelled by the customer" or status == "cancelled by the shop" or status == "cancelled by the bank" }
        """,
        """
        rule r {
            from     orders key order_id
            match    a: orders
            unless   orders where status == "cancelled" and order_id not in @some
            unless   shipments
            unless   orders where status == "cancelled by the customer"
                               or status == "cancelled by the shop"
                               or status == "cancelled by the bank"
        }

        """);

    private static void Check(string text, string expected)
    {
        var result = RuleFormatter.Format(new SourceText("a.cep", text));
        Assert.Empty(result.Diagnostics);
        Assert.Equal(expected.ReplaceLineEndings("\n"), result.Text);
        Assert.Equal(result.Text, RuleFormatter.Format(new SourceText("a.cep", result.Text!)).Text);
    }
}
