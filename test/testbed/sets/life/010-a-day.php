<?php
// One day of a wiki's life, by its number in the environment (DAY): always edits, and each day of ten something of its
// own that new revisions do not tell. Every choice follows from the number.
return static function ( Scribe $scribe ) {
	$day = (int)getenv( 'DAY' );
	mt_srand( $day + 1 );
	$admin = $scribe->person( 'Admin' );
	$people = [ $scribe->personOf( 1 ), $scribe->personOf( 2 ), $scribe->personOf( 3 ), $scribe->stranger( "192.0.2.$day" ) ];
	$anybody = static fn () => $people[mt_rand( 0, 3 )];
	$titles = static fn () => $scribe->db->selectFieldValues(
		'page', 'page_title', [ 'page_namespace' => 0, 'page_is_redirect' => 0 ], __METHOD__, [ 'ORDER BY' => 'page_id' ] );
	$some = static function () use ( $titles ) {
		$all = $titles();
		return $all[mt_rand( 0, count( $all ) - 1 )];
	};
	$revisionOf = static fn ( string $title, string $which ) => (int)$scribe->db->selectField(
		'revision', "$which(rev_id)", [ 'rev_page' => $scribe->title( $title )->getArticleID() ], __METHOD__ );

	for ( $made = 0; $made < ( $day === 0 ? 12 : 2 ); $made++ ) {
		$scribe->edit( "Page $day $made", "born on day $day & <b>so</b>", $anybody() );
	}
	for ( $edits = 0; $edits < 5; $edits++ ) {
		$scribe->edit( $some(), "day $day, edit $edits\n" . str_repeat( "line \"$day\" & more\n", mt_rand( 1, 30 ) ), $anybody(),
			[ 'summary' => "day $day & <i>", 'minor' => $edits === 3 ] );
	}

	switch ( $day % 10 ) {
		case 0:
			$scribe->move( $some(), "Moved on $day", $admin, 'a better name' );
			$scribe->move( $some(), "Moved alone on $day", $admin, 'no trace', false );
			break;
		case 1:
			foreach ( [ 'Comes back', 'Begins anew' ] as $name ) {
				foreach ( [ 'first', 'second', 'third' ] as $text ) {
					$scribe->edit( "$name $day", "$text text", $anybody() );
				}
				$scribe->delete( "$name $day", $admin, "gone on $day" );
			}
			$scribe->delete( $some(), $admin, 'not needed' );
			foreach ( [ 'first', 'second', 'third' ] as $text ) {
				$scribe->edit( "Half comes back $day", "$text text", $anybody() );
			}
			break;
		case 2:
			// Deleted the day before: one comes back as it was, the other onto a page that was made anew.
			$before = $day - 1;
			$scribe->undelete( "Comes back $before", $admin, 'needed after all' );
			$scribe->edit( "Begins anew $before", 'made anew', $anybody() );
			$scribe->undelete( "Begins anew $before", $admin, 'with its history' );
			$half = $scribe->title( "Half comes back $before" )->getArticleID();
			$times = $scribe->db->selectFieldValues( 'revision', 'rev_timestamp', [ 'rev_page' => $half ], __METHOD__, [ 'ORDER BY' => 'rev_id' ] );
			$scribe->delete( "Half comes back $before", $admin, 'to take one out' );
			$scribe->undelete( "Half comes back $before", $admin, 'all but one', [ $times[0], $times[2] ] );
			break;
		case 3:
			foreach ( [ 'Merge source', 'Merge target' ] as $name ) {
				foreach ( [ 'first', 'second' ] as $text ) {
					$scribe->edit( "$name $day", "$text text of $name", $anybody() );
				}
			}
			break;
		case 4:
			$before = $day - 1;
			$scribe->merge( "Merge source $before", "Merge target $before", $admin );
			break;
		case 5:
			// Revisions of long ago, onto a page that is there and as a page of its own.
			$old = static fn ( string $title ) => "<page><title>$title</title><ns>0</ns>" .
				'<revision><timestamp>2004-05-06T07:08:09Z</timestamp><contributor><username>Bob</username></contributor>' .
				"<model>wikitext</model><format>text/x-wiki</format><text>of long ago, $day</text></revision>" .
				'<revision><timestamp>2005-05-06T07:08:09Z</timestamp><contributor><ip>192.0.2.9</ip></contributor>' .
				"<model>wikitext</model><format>text/x-wiki</format><text>a year later, $day</text></revision></page>";
			$into = str_replace( '_', ' ', $titles()[1] );
			$scribe->import( '<mediawiki version="0.11">' . $old( $into ) . $old( "Imported on $day" ) . '</mediawiki>', 'elsewhere' );
			break;
		case 6:
			foreach ( [ 1, 2, 4, 7 ] as $bits ) {
				$title = $titles()[$bits];
				$scribe->hide( 'revision', $title, $revisionOf( $title, 'MIN' ), $bits, $admin );
			}
			break;
		case 7:
			// Shown again; another is suppressed, and a page with all its revisions; the newest page is deleted.
			$title = $titles()[1];
			$scribe->hide( 'revision', $title, $revisionOf( $title, 'MIN' ), 0, $admin );
			$title = $titles()[5];
			$scribe->edit( $title, 'secret of nobody', $anybody() );
			$scribe->edit( $title, 'the present text', $admin );
			$secret = (int)$scribe->db->selectField( 'revision', 'rev_parent_id', [ 'rev_id' => $revisionOf( $title, 'MAX' ) ], __METHOD__ );
			$scribe->hide( 'revision', $title, $secret, 15, $admin );
			$scribe->delete( $titles()[6], $admin, 'secret suppress reason', true );
			$scribe->edit( "Short-lived $day", 'secret of a moment', $admin );
			$scribe->delete( "Short-lived $day", $admin, 'a mistake' );
			break;
		case 8:
			$scribe->rename( $people[$day % 3], "Renamed \"$day\" & co", $admin, 'asked for it' );
			break;
		case 9:
			$scribe->protect( $some(), [ 'edit' => 'sysop', 'move' => 'sysop' ],
				[ 'edit' => 'infinity', 'move' => 'infinity' ], $admin );
			$scribe->edit( $some(), '#REDIRECT [[' . $titles()[0] . ']]', $admin );
			break;
	}
};
